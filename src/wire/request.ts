/**
 * A request as received: raw target, raw headers in wire order, body after de-chunking. Bytes of the head are kept as
 * latin-1 text, as Node delivers them.
 */
export interface RawRequest {
  method: string
  target: string
  /** Values in wire order, by names in lower case; without a prototype because clients choose the names. */
  headers: Readonly<Partial<Record<string, readonly string[]>>>
  body: Uint8Array
}

/** A request together with how it reached the server. */
export interface Request extends RawRequest {
  /** Lower-case UUID, sent back as `x-amzn-RequestId`. */
  id: string
  sourceIp: string | null
  /** Whether it came over TLS. */
  secure: boolean
}

/** The values of a header, in wire order. @param name in lower case */
export const headerValues = ({ headers }: RawRequest, name: string): readonly string[] => headers[name] ?? none

const none: readonly string[] = []

/** Brings headers that were not received by HTTP into the same form. */
export function toHeaders(headers: Readonly<Record<string, string>>): RawRequest['headers'] {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]] as const)
  return Object.assign(Object.create(null) as object, Object.fromEntries(pairs))
}

/**
 * A request target without the scheme and authority that clients of a proxy send before it. The authority is ignored, for
 * it is the `Host` header that is signed.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target
  const origin = target.replace(/^https?:\/\/[^/?]*/i, '')
  return origin === '' || origin.startsWith('?') ? `/${origin}` : origin
}

/** Path and query of a request target in any form, still encoded. */
export function splitTarget(target: string): [path: string, query: string] {
  const origin = originForm(target)
  const at = origin.indexOf('?')
  return at < 0 ? [origin, ''] : [origin.slice(0, at), origin.slice(at + 1)]
}

/** Names and values, percent-decoded to bytes, in wire order; a `+` is a blank, as in forms. */
export function parseQuery(query: string): [name: string, value: string][] {
  if (query === '') return []
  const parts = query.split('&').filter((part) => part !== '')
  return parts.map((part) => {
    const at = part.indexOf('=')
    return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]
  })
}

const decode = (text: string): string => (/[+%]/.test(text) ? decodeEscapes(text.replaceAll('+', ' ')) : text)

/** Percent-decodes to bytes (latin-1 text); a malformed escape stays as it is, and so does a `+`. */
export const decodeEscapes = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
