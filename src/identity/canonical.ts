/** The pure part of Signature Version 4. Bytes are kept as latin-1 text, as Node delivers them. */
import { createHmac, hash } from 'node:crypto'
import { sha256 } from '../primitives/digest.ts'
import { memoizeLast } from '../primitives/memoize-last.ts'
import { type RawRequest, headerValues, parseQuery, splitTarget } from '../wire/request.ts'

const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data, 'latin1').digest()

/** ISO-8601 in the basic form that signatures use: `yyyymmddThhmmssZ`. */
export const basicTime = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, '')

/** Milliseconds of such a time, or NaN. Memoized because thousands of requests are signed within the same second. */
export const parseBasicTime = memoizeLast((time: string) =>
  Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')),
)

/** `scope` is `day/region/service/aws4_request`. */
export function stringToSign(time: string, scope: string, canonicalRequest: string): string {
  return ['AWS4-HMAC-SHA256', time, scope, sha256(Buffer.from(canonicalRequest, 'latin1'))].join('\n')
}

export function signingKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`) as Buffer
}

/** Returns the signature of a text, in hex. */
export type Signer = (text: string) => string

/**
 * HMAC-SHA256 (RFC 2104) with its key pads computed once. It uses one-shot hashes because each `Hmac` is an object
 * outside V8's heap, and collecting one for each request costs more than hashing.
 */
export function createSigner(key: Uint8Array): Signer {
  const [inner, outer] = [pad(key, 0x36), pad(key, 0x5c)]
  const digest = (text: string) => hash('sha256', Buffer.concat([inner, Buffer.from(text, 'latin1')]), 'buffer')
  return (text) => hash('sha256', Buffer.concat([outer, digest(text)]), 'hex')
}

/** SHA-256 works on blocks of 64 bytes, and no signing key is longer. */
const pad = (key: Uint8Array, byte: number) => Buffer.alloc(64).map((_, index) => (key[index] ?? 0) ^ byte)

export const sign = (key: Uint8Array, text: string): string => createSigner(key)(text)

export function canonicalRequest(request: RawRequest, signedHeaders: readonly string[]): string {
  const [path, query] = splitTarget(request.target)
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    ...canonicalHeaders(request, signedHeaders),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n')
}

/** Removes dot segments and empty ones; then encodes the path, which the client has encoded once, a second time. */
function canonicalPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const slash = kept.length > 0 && path.endsWith('/') ? '/' : ''
  return encode(`/${kept.join('/')}${slash}`, /[^A-Za-z0-9\-._~/]/g)
}

/** Sorted by encoded name, then value; the signature itself is left out. */
function canonicalQuery(query: string): string {
  if (query === '') return ''
  const pairs = parseQuery(query).map(([name, value]) => [encode(name), encode(value)] as const)
  const signed = pairs.filter(([name]) => name !== 'X-Amz-Signature')
  return signed
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

const encode = (text: string, others = /[^A-Za-z0-9\-._~]/g) => text.replace(others, (char) => `%${hex(char)}`)
const hex = (char: string) => char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')

function canonicalHeaders(request: RawRequest, signed: readonly string[]) {
  return signed.map((name) => {
    const values = headerValues(request, name)
    return `${name}:${values.map((value) => value.trim().replace(/[ \t]+/g, ' ')).join(',')}`
  })
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
