/** Reads the credentials of a signed request from its header or query, and checks all but the key and the signature. */
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import { printable } from '../primitives/printable.ts'
import { basicTime, parseBasicTime } from './canonical.ts'
import { type RawRequest, headerValues, parseQuery, splitTarget } from '../wire/request.ts'

export interface Signed {
  accessKeyId: string
  /** `day/region/service/aws4_request` */
  scope: string
  /** `yyyymmddThhmmssZ` */
  time: string
  signedHeaders: readonly string[]
  signature: string
  sessionToken: string | undefined
}

export interface SignaturePolicy {
  /** Regions a credential may be scoped to; `*` for any. */
  regions: readonly string[]
  /** Milliseconds a client's clock may be off, either way. */
  clockSkewMs: number
}

const algorithm = 'AWS4-HMAC-SHA256'
const incomplete = 'IncompleteSignatureException'
const invalid = 'InvalidSignatureException'

/** Checks in the order AWS's front end makes them, with its wording (observed in public). */
export function readSignature(request: RawRequest, now: Date, policy: SignaturePolicy): Signed {
  const [, query] = splitTarget(request.target)
  const parameters = parseQuery(query)
  const authorization = headerValues(request, 'authorization')
  const inQuery = parameters.some(([name]) => name === 'X-Amz-Algorithm')
  if (inQuery && authorization.length > 0)
    refuse(invalid, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
  const found = inQuery ? readQuery(parameters) : readHeader(request, authorization)
  assertTime(found, now, policy.clockSkewMs)
  assertHeaders(request, found.signedHeaders)
  if (found.algorithm !== algorithm) refuse(incomplete, `Unsupported AWS 'algorithm': '${printable(found.algorithm)}'`)
  assertPayloadHash(request)
  return { ...found, ...readCredential(found.credential, found.time, policy.regions) }
}

interface Found {
  algorithm: string
  credential: string
  signedHeaders: readonly string[]
  signature: string
  time: string
  sessionToken: string | undefined
  /** Milliseconds after `time`; undefined for the header form, which only knows the clock skew. */
  validForMs?: number
}

function readHeader(request: RawRequest, authorization: readonly string[]): Found {
  const [value] = authorization
  if (value === undefined || !value.startsWith('AWS4-'))
    refuse('MissingAuthenticationTokenException', 'Missing Authentication Token')
  if (authorization.length > 1) refuse(incomplete, 'More than one Authorization header was sent.')
  const [scheme, rest = ''] = splitOnce(value, /\s+/)
  const parameters = readParameters(rest, value)
  const time = readHeaderTime(request)
  const absent = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parameters.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`)
  if (time === undefined)
    absent.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  if (absent.length > 0 || time === undefined) refuse(incomplete, absent.join(' '))
  return {
    algorithm: scheme,
    credential: parameters.get('Credential') ?? '',
    signedHeaders: (parameters.get('SignedHeaders') ?? '').split(';').map((name) => name.toLowerCase()),
    signature: parameters.get('Signature') ?? '',
    time,
    sessionToken: headerValues(request, 'x-amz-security-token')[0],
  }
}

function readParameters(text: string, header: string): Map<string, string> {
  const parts = text.split(',').map((part) => part.trim())
  const found = new Map<string, string>()
  for (const part of parts.filter((it) => it !== '')) {
    const [name, value] = splitOnce(part, /=/)
    if (value === undefined)
      refuse(
        incomplete,
        `'${printable(part)}' not a valid key=value pair (missing equal-sign) in Authorization header: '${printable(scheme(header))}'.`,
      )
    if (found.has(name)) refuse(incomplete, `Authorization header has more than one '${printable(name)}' parameter.`)
    found.set(name, value)
  }
  return found
}

/** Errors repeat only the scheme of the header, never the header itself. */
const scheme = (header: string) => header.split(/\s/, 1)[0] ?? ''

const queryNames = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date'] as const
const defaultExpiresSeconds = 900
const longestExpiresSeconds = 604_800

function readQuery(parameters: readonly (readonly [string, string])[]): Found {
  const value = (name: string) => single(parameters, `X-Amz-${name}`)
  const absent = queryNames.find((name) => !value(name))
  if (absent)
    refuse(
      incomplete,
      `AWS query-string parameters must include 'X-Amz-${absent}'. Re-examine the query-string parameters.`,
    )
  return {
    algorithm: value('Algorithm') ?? '',
    credential: value('Credential') ?? '',
    signedHeaders: (value('SignedHeaders') ?? '').split(';').map((name) => name.toLowerCase()),
    signature: value('Signature') ?? '',
    time: readTime(value('Date') ?? ''),
    sessionToken: value('Security-Token'),
    validForMs: readExpires(value('Expires')) * 1000,
  }
}

function readExpires(text: string | undefined): number {
  if (text === undefined) return defaultExpiresSeconds
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (seconds < 1 || seconds > longestExpiresSeconds)
    refuse(incomplete, `'X-Amz-Expires' must be between 1 and ${longestExpiresSeconds} seconds.`)
  return seconds
}

function single(parameters: readonly (readonly [string, string])[], name: string): string | undefined {
  const values = parameters.filter(([found]) => found === name).map(([, value]) => value)
  if (values.length > 1) refuse(incomplete, `Query-string parameter '${name}' was sent more than once.`)
  return values[0]
}

/** From `X-Amz-Date`, else from `Date`, which may also be an HTTP date. */
function readHeaderTime(request: RawRequest): string | undefined {
  const amzDate = headerValues(request, 'x-amz-date')
  if (amzDate.length > 0) return readTime(amzDate.join(','))
  const [date] = headerValues(request, 'date')
  if (date === undefined) return undefined
  const parsed = /^[A-Z][a-z]{2}, /.test(date) ? Date.parse(date) : Number.NaN
  return readTime(Number.isNaN(parsed) ? date : basicTime(new Date(parsed)))
}

/** Only the basic form of ISO-8601, with a year of four digits. */
function readTime(text: string): string {
  if (!/^\d{8}T\d{6}Z$/.test(text) || Number.isNaN(parseBasicTime(text)))
    refuse(incomplete, `Date must be in ISO-8601 'basic format'. Got '${printable(text)}'.`)
  return text
}

function assertTime({ time, validForMs }: Found, now: Date, skewMs: number) {
  const at = parseBasicTime(time)
  const minutes = `${Math.round(skewMs / 60_000)} min.`
  const earliest = now.getTime() - (validForMs ?? skewMs)
  const latest = now.getTime() + skewMs
  const limit = validForMs === undefined ? minutes : `${validForMs / 1000} sec.`
  if (at < earliest)
    refuse(
      invalid,
      `Signature expired: ${time} is now earlier than ${basicTime(new Date(earliest))} (${basicTime(now)} - ${limit})`,
    )
  if (at > latest)
    refuse(
      invalid,
      `Signature not yet current: ${time} is still later than ${basicTime(new Date(latest))} (${basicTime(now)} + ${minutes})`,
    )
}

/** More than any client sends. A limit is needed because the cost of verification grows with the number. */
const signedHeadersAtMost = 100

function assertHeaders(request: RawRequest, signedHeaders: readonly string[]) {
  if (signedHeaders.length > signedHeadersAtMost || new Set(signedHeaders).size < signedHeaders.length)
    refuse(incomplete, `'SignedHeaders' must name each header once, and ${signedHeadersAtMost} at most.`)
  if (!signedHeaders.includes('host')) refuse(invalid, "'Host' must be a 'SignedHeader' in the AWS Authorization.")
  const absent = signedHeaders.find((name) => headerValues(request, name).length === 0)
  if (absent !== undefined) refuse(invalid, `Signed header '${printable(absent)}' is missing from the request.`)
}

/** The body is always hashed here; a client that declares another hash, or none, is refused. */
function assertPayloadHash(request: RawRequest) {
  const declared = headerValues(request, 'x-amz-content-sha256')[0]
  if (declared !== undefined && !/^[0-9a-f]{64}$/.test(declared))
    refuse('MalformedHttpRequestException', "'x-amz-content-sha256' must be the SHA-256 of the body in lower-case hex.")
}

function readCredential(credential: string, time: string, regions: readonly string[]) {
  const parts = credential.split('/')
  const [accessKeyId = '', day = '', region = '', service = '', terminator = ''] = parts
  if (parts.length !== 5)
    refuse(
      incomplete,
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${printable(credential)}'`,
    )
  if (!regions.includes('*') && !regions.includes(region))
    refuse(invalid, `Credential should be scoped to a valid region, not '${printable(region)}'.`)
  if (service !== 'chime') refuse(invalid, "Credential should be scoped to correct service: 'chime'.")
  if (terminator !== 'aws4_request')
    refuse(
      invalid,
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${printable(terminator)}'.`,
    )
  if (day !== time.slice(0, 8))
    refuse(
      invalid,
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${printable(day)}' != '${time.slice(0, 8)}', from '${time}'.`,
    )
  return { accessKeyId, scope: [day, region, service, terminator].join('/') }
}

function splitOnce(text: string, separator: RegExp): [string, string | undefined] {
  const found = separator.exec(text)
  return found ? [text.slice(0, found.index), text.slice(found.index + found[0].length)] : [text, undefined]
}

function refuse(name: ErrorName, message: string): never {
  throw new ServiceError(name, message)
}
