/** The condition operators. [documented in the IAM reference] */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { type Fact, createFact } from './fact.ts'
import { compilePattern } from './patterns.ts'

/** Whether the value in a request satisfies one value of a policy. */
type Test = (found: Fact) => boolean

export interface Operator {
  /** Returns undefined if the value is not of the operator's kind. */
  compile(value: string): Test | undefined
  /** The expected kind of value, for error messages: "a number". */
  kind: string
  /** Satisfied if no value matches, or if the key is absent. */
  negated: boolean
}

const isText = (text: string) => text

function readNumber(text: string): number | undefined {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined
}

/** ISO-8601, UTC by default, or seconds since 1970. */
function readTime(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000
  const [, date, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const milliseconds = Date.parse(`${date}${time}${zone}`)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}

const readFlag = (text: string) => (/^(?:true|false)$/i.test(text) ? text.toLowerCase() : undefined)

/** Both sides are parsed the same way; a value that cannot be parsed satisfies nothing. */
const comparing =
  <Value>(read: (text: string) => Value | undefined, holds: (found: Value, value: Value) => boolean) =>
  (text: string): Test | undefined => {
    const value = read(text)
    if (value === undefined) return undefined
    return (fact) => {
      const found = fact.as(read)
      return found !== undefined && holds(found, value)
    }
  }

/** An address or a CIDR range; IPv4 addresses may be given as IPv4-mapped IPv6. */
function compileRange(text: string): Test | undefined {
  // The library accepts short forms such as 10/8 but reads that as 0.0.0.10/8.
  if (isIP(text.split('/')[0] ?? '') === 0) return undefined
  if (!ipaddr.isValid(text) && !ipaddr.isValidCIDR(text)) return undefined
  const [network, bits] = readRange(text)
  return (fact) => {
    const address = fact.as(readAddress)
    return address !== undefined && address.kind() === network.kind() && address.match(network, bits)
  }
}

const readAddress = (text: string) => (ipaddr.isValid(text) ? ipaddr.process(text) : undefined)

function readRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), undefined]
  const plain = ipaddr.process(address.toString())
  const whole = plain.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return [plain, whole]
  const mappedBits = address.kind() === 'ipv6' && plain.kind() === 'ipv4' ? bits - 96 : bits
  return mappedBits < 0 ? [address, bits] : [plain, mappedBits]
}

const partsOfArn = 6

/** ARNs are compared part by part: only in the last part can `*` match a colon. */
function readArn(text: string): string[] | undefined {
  if (text !== '*' && !/^arn(?::[^:]*){4}:/.test(text)) return undefined
  const parts = text.split(':')
  return [...parts.slice(0, partsOfArn - 1), parts.slice(partsOfArn - 1).join(':')]
}

const readFoundArn = (text: string) => readArn(text)?.map((part) => createFact(part))

function compileArn(text: string): Test | undefined {
  const patterns = readArn(text)?.map((part) => compilePattern(part))
  if (!patterns) return undefined
  return (fact) => {
    const parts = fact.as(readFoundArn)
    return parts !== undefined && (text === '*' || parts.every((part, index) => part.fits(patterns[index] ?? none)))
  }
}

const none = compilePattern('')

function compileLike(text: string): Test {
  const pattern = compilePattern(text)
  return (fact) => fact.fits(pattern)
}

const same = <Value>(found: Value, value: Value) => found === value

const ordered = (read: (text: string) => number | undefined) => ({
  Equals: comparing(read, same),
  LessThan: comparing(read, (found, value) => found < value),
  LessThanEquals: comparing(read, (found, value) => found <= value),
  GreaterThan: comparing(read, (found, value) => found > value),
  GreaterThanEquals: comparing(read, (found, value) => found >= value),
})

type Compile = Operator['compile']
type Named = readonly [name: string, operator: Operator]

const plain = (name: string, kind: string, compile: Compile): Named => [name, { kind, compile, negated: false }]
const withNegation = (name: string, negation: string, kind: string, compile: Compile): Named[] => [
  plain(name, kind, compile),
  [negation, { kind, compile, negated: true }],
]

const inOrder = (prefix: string, kind: string, read: (text: string) => number | undefined): Named[] => {
  const { Equals, ...others } = ordered(read)
  return [
    ...withNegation(`${prefix}Equals`, `${prefix}NotEquals`, kind, Equals),
    ...Object.entries(others).map(([name, compile]) => plain(`${prefix}${name}`, kind, compile)),
  ]
}

const compileText = comparing(isText, same)
const compileTextOfAnyCase = comparing((text) => text.toLowerCase(), same)

/** All operators except `Null`, which only tests for presence. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...withNegation('StringEquals', 'StringNotEquals', 'a text', compileText),
  ...withNegation('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'a text', compileTextOfAnyCase),
  ...withNegation('StringLike', 'StringNotLike', 'a text', compileLike),
  ...inOrder('Numeric', 'a number', readNumber),
  ...inOrder('Date', 'a time', readTime),
  plain('Bool', 'true or false', comparing(readFlag, same)),
  ...withNegation('IpAddress', 'NotIpAddress', 'an IP address or range', compileRange),
  ...withNegation('ArnEquals', 'ArnNotEquals', 'an ARN', compileArn),
  ...withNegation('ArnLike', 'ArnNotLike', 'an ARN', compileArn),
])
