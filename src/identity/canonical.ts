/** Signature Version 4, the pure part: what is signed, and how. Bytes are kept as latin-1 text, as Node gives them. */
import { createHash, createHmac } from 'node:crypto'

/** A request as it came: raw target, raw headers in wire order, body after de-chunking. */
export interface RawRequest {
  method: string
  target: string
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array
}

export const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256')
    .update(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
    .digest('hex')

const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data, 'latin1').digest()

/** `scope` is `day/region/service/aws4_request`. */
export function stringToSign(time: string, scope: string, canonicalRequest: string): string {
  return ['AWS4-HMAC-SHA256', time, scope, sha256(canonicalRequest)].join('\n')
}

export function signingKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`) as Buffer
}

export const sign = (key: Buffer, text: string): string => hmac(key, text).toString('hex')

export function canonicalRequest(request: RawRequest, signedHeaders: readonly string[]): string {
  const [path, query] = splitTarget(request.target)
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    ...canonicalHeaders(request.headers, signedHeaders),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n')
}

/** Path and query of a request target, still encoded; of an absolute-form target too. */
export function splitTarget(target: string): [path: string, query: string] {
  const origin = target.replace(/^https?:\/\/[^/?]*/i, '')
  const at = origin.indexOf('?')
  return at < 0 ? [origin, ''] : [origin.slice(0, at), origin.slice(at + 1)]
}

/** Dot segments and empty ones go; then the path, encoded once by the client, is encoded once more. */
function canonicalPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const slash = kept.length > 0 && path.endsWith('/') ? '/' : ''
  return encode(`/${kept.join('/')}${slash}`, /[A-Za-z0-9\-._~/]/)
}

/** Sorted by encoded name, then value; the signature itself is left out. */
function canonicalQuery(query: string): string {
  const pairs = parseQuery(query).map(([name, value]) => [encode(name), encode(value)] as const)
  const signed = pairs.filter(([name]) => name !== 'X-Amz-Signature')
  return signed
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

/** Names and values, percent-decoded to bytes, in wire order; a `+` is a blank, as in forms. */
export function parseQuery(query: string): [name: string, value: string][] {
  const parts = query.split('&').filter((part) => part !== '')
  return parts.map((part) => {
    const at = part.indexOf('=')
    return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]
  })
}

/** Percent-decodes to bytes (latin-1 text); an escape that is none stays as it is. */
export const decode = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const encode = (text: string, plain = /[A-Za-z0-9\-._~]/) =>
  text.replace(/[^]/g, (char) => (plain.test(char) ? char : `%${hex(char)}`))
const hex = (char: string) => char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')

function canonicalHeaders(headers: RawRequest['headers'], signed: readonly string[]) {
  return signed.map((name) => {
    const values = headers.filter(([header]) => header.toLowerCase() === name).map(([, value]) => value)
    return `${name}:${values.map((value) => value.trim().replace(/[ \t]+/g, ' ')).join(',')}`
  })
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
