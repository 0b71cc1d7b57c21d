/** The Condition element of a statement. */
import type { Fact } from './fact.ts'
import { type Operator, operators } from './operators.ts'
import { PolicyError, type Place, isObject, readTexts } from './reading.ts'

/** The supported condition keys; they are case-insensitive in policies. */
const conditionKeys = [
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:RequestedRegion',
  'aws:SecureTransport',
  'aws:SourceIp',
  'aws:UserAgent',
  'aws:username',
] as const
export type ConditionKey = (typeof conditionKeys)[number]

/** Returns the value of a condition key for a request. */
export type FactOf = (key: ConditionKey) => Fact | undefined

export type Condition = (factOf: FactOf) => boolean

/** One condition per operator and key; all must hold. Throws `PolicyError`. */
export function readConditions(value: unknown, place: Place): Condition[] {
  if (value === undefined) return []
  return membersOf(value, place).flatMap(([operator, block]) => {
    const at = `${place}.${operator}`
    return membersOf(block, at).map(([key, values]) => {
      const found = conditionKeys.find((known) => known.toLowerCase() === key.toLowerCase())
      if (!found) throw new PolicyError(`${at}.${key}`, 'this condition key is not known here')
      return readCondition(operator, found, values, { operator: at, key: `${at}.${key}` })
    })
  })
}

function membersOf(value: unknown, place: Place): [string, unknown][] {
  if (!isObject(value)) throw new PolicyError(place, 'it must be an object')
  return Object.entries(value)
}

function readCondition(
  name: string,
  key: ConditionKey,
  value: unknown,
  place: { operator: Place; key: Place },
): Condition {
  const values = readTexts(value, place.key)
  if (name === 'Null') return isNull(key, values, place.key)
  const plain = name.replace(/IfExists$/, '')
  const operator = operators.get(plain)
  if (!operator) throw new PolicyError(place.operator, 'there is no such condition operator here')
  return holds(operator, key, compileAll(operator, values, place.key), name !== plain)
}

function isNull(key: ConditionKey, values: readonly string[], place: Place): Condition {
  if (!values.every((value) => /^(?:true|false)$/.test(value))) throw new PolicyError(place, 'it must be true or false')
  return (factOf) => values.includes(String(factOf(key) === undefined))
}

const compileAll = ({ compile, kind }: Operator, values: readonly string[], place: Place) =>
  values.map((value) => {
    const test = compile(value)
    if (!test) throw new PolicyError(place, `every value must be ${kind}`)
    return test
  })

type Tests = ReturnType<typeof compileAll>

/** If the request lacks the key, only negated operators and `…IfExists` hold. */
const holds =
  ({ negated }: Operator, key: ConditionKey, tests: Tests, ifExists: boolean): Condition =>
  (factOf) => {
    const found = factOf(key)
    if (found === undefined) return negated || ifExists
    return tests.some((test) => test(found)) !== negated
  }
