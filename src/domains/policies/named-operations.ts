/** The operations that the actions of a policy stand for. */
import type { Operation } from '../../contract/operation.ts'
import { actionOf, contracts } from '../contracts.ts'
import { createFact } from './fact.ts'
import { actionsWithoutOperation, otherServices } from './other-actions.ts'
import { compilePattern } from './patterns.ts'
import { PolicyError, type Place } from './reading.ts'

export interface NamedOperation {
  /** `chime:GetUser` */
  action: string
  /** As in the contract: `meeting/{MeetingId}`; undefined if it takes only `*`. */
  resource: string | undefined
}

export const allOperations: readonly NamedOperation[] = Object.entries(contracts).map(
  ([name, { resource }]: [string, Operation]) => ({ action: actionOf(name), resource }),
)

/** Finds the operations of an action in a policy. Throws `PolicyError` if there is no such action. */
export type FindOperations = (action: string, place: Place) => readonly NamedOperation[]

/** Bounds what it costs to check a document. */
const patternsAtMost = 64

/** For one document, of which it bounds the patterns. */
export function createFinder(): FindOperations {
  const known = new Map<string, readonly NamedOperation[] | undefined>()
  const match = createMatcher()
  return (action, place) => {
    const wanted = action.toLowerCase().replace(/\*+/g, '*')
    if (!known.has(wanted)) known.set(wanted, match(wanted, place))
    const found = known.get(wanted)
    if (!found) throw new PolicyError(place, `there is no action ${action.slice(0, actionAtMost)}`)
    return found
  }
}

/** Messages repeat no more of an action. */
export const actionAtMost = 100

/** Answers an empty list for actions that are known but have no operation here. */
function createMatcher(): (wanted: string, place: Place) => readonly NamedOperation[] | undefined {
  const operations = allOperations.map((operation) => ({ operation, fact: createFact(operation.action.toLowerCase()) }))
  const others = actionsWithoutOperation.map((action) => createFact(action.toLowerCase()))
  let patterns = 0
  return (wanted, place) => {
    if (wanted !== '*' && /[*?]/.test(wanted) && ++patterns > patternsAtMost)
      throw new PolicyError(place, `no more than ${patternsAtMost} different actions of a document may have * or ?`)
    const pattern = compilePattern(wanted)
    const found = operations.filter(({ fact }) => fact.fits(pattern)).map(({ operation }) => operation)
    const isKnown = found.length > 0 || otherServices.has(wanted.split(':')[0] ?? '')
    return isKnown || others.some((fact) => fact.fits(pattern)) ? found : undefined
  }
}
