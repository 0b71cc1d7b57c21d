/** The syntax and semantics of IAM policy documents. */
import { type Condition, type FactOf, readConditions } from './conditions.ts'
import type { Fact } from './fact.ts'
import { compilePattern } from './patterns.ts'
import { PolicyError, type Place, isObject, readTexts } from './reading.ts'

/** A request, as policies are evaluated against it. */
export interface Asked {
  /** `chime:getuser`: in lower case, because actions are compared in any case. */
  action: Fact
  /**
   * The ARN; `*` for an action without resource-level permissions, which only a statement about `*` matches. In lower
   * case as well, because meetings are found by id in any case, and a Deny must match whatever is found.
   */
  resource: Fact
  factOf: FactOf
}

/** A parsed document. */
export type Policy = readonly Statement[]

export interface Statement {
  effect: 'Allow' | 'Deny'
  speaksOf(asked: Asked): boolean
}

/** Throws `PolicyError` for invalid policies and for elements that this server does not know. */
export const parsePolicy = (text: string): Policy =>
  listStatements(text).map(([statement, place]) => readStatement(statement, place))

/** The statements as they are written, with their places. Throws `PolicyError`. */
export function listStatements(text: string): [unknown, Place][] {
  const document = parseJson(text)
  if (!isObject(document)) throw new PolicyError('The document', 'it must be an object')
  assertMembers(document, ['Version', 'Id', 'Statement'], '')
  const { Version, Id, Statement } = document
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17')
    throw new PolicyError('Version', 'it must be 2012-10-17 or 2008-10-17')
  if (Id !== undefined && typeof Id !== 'string') throw new PolicyError('Id', 'it must be a text')
  if (!Array.isArray(Statement)) return [[Statement, 'Statement']]
  return Statement.map((statement: unknown, index) => [statement, `Statement[${index}]`])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PolicyError('The document', 'it is not JSON')
  }
}

const members = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']

function readStatement(value: unknown, place: Place): Statement {
  if (!isObject(value)) throw new PolicyError(place, 'it must be an object')
  assertMembers(value, members, `${place}.`)
  const { Sid, Effect, Condition } = value
  if (Sid !== undefined && typeof Sid !== 'string') throw new PolicyError(`${place}.Sid`, 'it must be a text')
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new PolicyError(`${place}.Effect`, 'it must be Allow or Deny')
  const isAbout = readEither(value, 'Action', place, readActions)
  const isOn = readEither(value, 'Resource', place, readResources)
  const conditions = readConditions(Condition, `${place}.Condition`)
  return {
    effect: Effect,
    speaksOf: ({ action, resource, factOf }) =>
      isAbout(action) && isOn(resource) && conditions.every((condition: Condition) => condition(factOf)),
  }
}

function assertMembers(value: object, known: readonly string[], prefix: string) {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new PolicyError(`${prefix}${unknown}`, 'this element is not known here')
}

type Test = (fact: Fact) => boolean

/** Reads, for example, `Action` or `NotAction`; exactly one must be present. */
function readEither(
  statement: Readonly<Record<string, unknown>>,
  name: 'Action' | 'Resource',
  place: Place,
  read: (value: unknown, place: Place) => Test,
): Test {
  const [plain, negated] = [statement[name], statement[`Not${name}`]]
  if ((plain === undefined) === (negated === undefined))
    throw new PolicyError(`${place}.${name}`, `either ${name} or Not${name} must be there`)
  if (plain !== undefined) return read(plain, `${place}.${name}`)
  const test = read(negated, `${place}.Not${name}`)
  return (fact) => !test(fact)
}

function readActions(value: unknown, place: Place): Test {
  const patterns = readTexts(value, place)
  if (!patterns.every((pattern) => pattern === '*' || /^[\w*?-]+:[\w*?]+$/.test(pattern)))
    throw new PolicyError(place, 'every action must be *, or as chime:GetUser')
  return fitsAny(patterns)
}

function readResources(value: unknown, place: Place): Test {
  const patterns = readTexts(value, place)
  if (!patterns.every((pattern) => pattern === '*' || pattern.startsWith('arn:')))
    throw new PolicyError(place, 'every resource must be *, or an ARN')
  const [onAll, fitting] = [patterns.includes('*'), fitsAny(patterns)]
  return (resource) => onAll || (resource.text !== '*' && fitting(resource))
}

function fitsAny(patterns: readonly string[]): Test {
  if (patterns.includes('*')) return () => true
  const lowered = patterns.map((pattern) => compilePattern(pattern.toLowerCase()))
  return (fact) => lowered.some((pattern) => fact.fits(pattern))
}
