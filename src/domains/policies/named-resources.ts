/** Whether the resources of a statement are those of its actions. */
import { type NamedOperation, actionAtMost } from './named-operations.ts'
import { matchesBeginning } from './patterns.ts'
import { PolicyError, type Place, readTexts } from './reading.ts'

interface About {
  /** The actions of the statement, with the operations that each stands for. */
  named: readonly { action: string; operations: readonly NamedOperation[] }[]
  awsAccountId: string
}

/** Throws `PolicyError`. A statement about actions that have no operation here may name any resource. */
export function checkResources(statement: Readonly<Record<string, unknown>>, place: Place, about: About): void {
  if (about.named.every(({ operations }) => operations.length === 0)) return
  const { Effect, Resource, NotResource } = statement
  const name = Resource === undefined ? 'NotResource' : 'Resource'
  const [patterns, at] = [readTexts(Resource ?? NotResource, `${place}.${name}`), `${place}.${name}`]
  if (name === 'Resource' && patterns.includes('*')) return
  if (name === 'Resource') checkReached(patterns, at, about)
  if (name === 'NotResource' || Effect === 'Deny') checkExact(patterns, at, about)
}

/** Each action needs an operation that is about one of the resources. */
function checkReached(patterns: readonly string[], place: Place, { named, awsAccountId }: About) {
  const all = formsOf(operationsOf(named), awsAccountId)
  const reached = new Set(all.filter((form) => patterns.some((pattern) => reaches(pattern, form))))
  for (const { action, operations } of named) {
    const forms = formsOf(operations, awsAccountId)
    if (operations.length > 0 && !forms.some((form) => reached.has(form)))
      throw new PolicyError(place, `${action.slice(0, actionAtMost)} takes only ${['*', ...forms].join(' or ')}`)
  }
}

/**
 * A resource that is denied, or excepted, must be of a type that the actions know. Most of them know none, and would be
 * allowed all the same.
 */
function checkExact(patterns: readonly string[], place: Place, { named, awsAccountId }: About) {
  const forms = formsOf(operationsOf(named), awsAccountId)
  const isExact = (pattern: string) => forms.some((form) => reaches(pattern, form) && typeOf(pattern) === typeOf(form))
  if (patterns.every((pattern) => isOfAnotherService(pattern) || isExact(pattern))) return
  const expected =
    forms.length > 0 ? `be only ${forms.join(' or ')}` : 'not be an ARN, because these actions take only *'
  throw new PolicyError(place, `what is denied or excepted here can ${expected}`)
}

const operationsOf = (named: About['named']): NamedOperation[] => [
  ...new Set(named.flatMap(({ operations }) => operations)),
]

/** `arn:aws:chime::111122223333:meeting/{MeetingId}` for each type of resource. */
const formsOf = (operations: readonly NamedOperation[], awsAccountId: string): string[] => [
  ...new Set(
    operations.flatMap(({ resource }) =>
      resource === undefined ? [] : [`arn:aws:chime::${awsAccountId}:${resource}`],
    ),
  ),
]

/** Undefined if a wildcard could stand for it. */
const serviceOf = (arn: string) => /^arn:[^:*?]+:([^:*?]+):/i.exec(arn)?.[1]?.toLowerCase()
const isOfAnotherService = (pattern: string) => !['chime', undefined].includes(serviceOf(pattern))

/** `meeting`; undefined if a wildcard could stand for it. */
const typeOf = (arn: string) => /^arn(?::[^:]*){4}:([^*?/]+)\//i.exec(arn)?.[1]?.toLowerCase()

/** Whether a pattern matches any ARN of this form. */
const reaches = (pattern: string, form: string) =>
  matchesBeginning(form.replace(/\{.*$/, '').toLowerCase(), pattern.toLowerCase())
