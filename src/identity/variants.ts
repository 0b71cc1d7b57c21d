/** Common mistakes of clients and changes by proxies, each with the finding to report if its signature fits. */
import { sha256 } from '../primitives/digest.ts'
import { canonicalRequest } from './canonical.ts'
import { type RawRequest, decodeEscapes, headerValues, originForm, splitTarget } from '../wire/request.ts'
import type { Signed } from './signature.ts'

interface Variant {
  /** A canonical request. */
  text: string
  finding: string
}

/** @param canonical the correct canonical request */
export const listVariants = (
  request: RawRequest,
  signed: Signed,
  canonical: string,
  publicUrl: URL | null,
): Variant[] => [
  ...ofHost(request, signed, publicUrl ? [publicUrl.host] : []),
  ...(publicUrl ? ofPrefix(request, signed, publicUrl) : []),
  ...ofPath(request, canonical),
  ...ofQuery(request, canonical),
  ...ofHeaders(request, signed),
  ...ofBody(request, canonical),
]

/** For a proxy that changes `Host`. */
function ofHost(request: RawRequest, { signedHeaders }: Signed, ownHosts: readonly string[]): Variant[] {
  const [came = ''] = headerValues(request, 'host')
  const forwarded = headerValues(request, 'x-forwarded-host')
  const hosts = new Set([...forwarded, ...ownHosts, came.replace(/:\d+$/, ''), `${came}:443`, `${came}:80`])
  hosts.delete(came)
  return [...hosts].slice(0, hostsAtMost).map((host) => ({
    text: canonicalRequest(withHost(request, host), signedHeaders),
    finding: `The host that was signed is '${host}', but the request came for '${came}': whatever stands between must hand on the Host header as it came.`,
  }))
}

const hostsAtMost = 8

const withHost = (request: RawRequest, host: string): RawRequest => ({
  ...request,
  headers: { ...request.headers, host: [host] },
})

/** For a proxy that takes the path of the public URL off, or puts it before, and may change `Host` as well. */
function ofPrefix(request: RawRequest, { signedHeaders }: Signed, { host, pathname }: URL): Variant[] {
  const prefix = pathname.replace(/\/+$/, '')
  if (prefix === '') return []
  const target = originForm(request.target)
  const changed = target.startsWith(`${prefix}/`)
    ? { target: target.slice(prefix.length), finding: `was signed without '${prefix}', but the request came with it` }
    : { target: prefix + target, finding: `that was signed begins with '${prefix}', but the request came without it` }
  return [request, withHost(request, host)].map((sent) => ({
    text: canonicalRequest({ ...sent, target: changed.target }, signedHeaders),
    finding: `The path ${changed.finding}: a proxy must hand on the path as it came, so the API cannot be served under a prefix.`,
  }))
}

function ofPath(request: RawRequest, canonical: string): Variant[] {
  const [path] = splitTarget(request.target)
  return [
    {
      text: withLine(canonical, 1, path),
      finding: 'The path was signed as it was sent; it must be encoded once more (only S3 does without).',
    },
    {
      text: withLine(canonical, 1, decodeEscapes(path)),
      finding: 'The path was signed before it was encoded; it must be encoded twice.',
    },
  ]
}

function ofQuery(request: RawRequest, canonical: string): Variant[] {
  const [, query] = splitTarget(request.target)
  return [
    {
      text: withLine(canonical, 2, query.replace(/&?X-Amz-Signature=[^&]*/, '')),
      finding: 'The query was signed as it was sent; it must be sorted by name, and every value encoded.',
    },
    { text: withLine(canonical, 2, ''), finding: 'The query was not signed, or was added on the way.' },
  ]
}

const ofHeaders = (request: RawRequest, { signedHeaders }: Signed): Variant[] => [
  {
    text: canonicalRequest(request, signedHeaders.toSorted()),
    finding: "The headers were signed in the order of their names; 'SignedHeaders' must have that order, too.",
  },
]

function ofBody(request: RawRequest, canonical: string): Variant[] {
  const declared = headerValues(request, 'x-amz-content-sha256').map((hash) => ({
    text: withLine(canonical, -1, hash),
    finding: 'The body is not the one that was signed: its hash differs from x-amz-content-sha256.',
  }))
  return [
    { text: withLine(canonical, -1, sha256('')), finding: 'The body was not signed, or was added on the way.' },
    {
      text: withLine(canonical, -1, 'UNSIGNED-PAYLOAD'),
      finding: 'The hash of the body was not signed (UNSIGNED-PAYLOAD); it must be.',
    },
    ...declared,
  ]
}

const withLine = (canonical: string, line: number, text: string) => canonical.split('\n').with(line, text).join('\n')
