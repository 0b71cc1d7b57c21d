/** Signs requests of one caller, in the header or the query, and tampers with signed requests. */
import aws4 from 'aws4'
import { basicTime } from '../../src/identity/canonical.ts'
import type { Tenant, TestBelfry } from './belfry.ts'
import { type RawRequest, signRaw } from './raw.ts'

export const createSigner = ({ url }: TestBelfry, tenant: Tenant) => ({
  sign(request: RawRequest, at = tenant.now()): RawRequest {
    const headers = { 'X-Amz-Date': basicTime(at), ...request.headers }
    return signRaw(url, tenant.credentials, { ...request, headers })
  },
  /** @param expires the validity in seconds */
  presign(path: string, shiftMs = 0, expires = 900): RawRequest {
    const { host } = new URL(url)
    const at = basicTime(new Date(tenant.now().getTime() + shiftMs))
    const target = `${path}${path.includes('?') ? '&' : '?'}X-Amz-Date=${at}&X-Amz-Expires=${expires}`
    const request = { service: 'chime', region: 'us-east-1', host, path: target, signQuery: true }
    const signed = aws4.sign(request, tenant.credentials)
    return { path: signed.path ?? '', headers: { Host: host } }
  },
})

/** A change to a request after it was signed. */
export type Change = (request: RawRequest) => RawRequest

export const setHeader =
  (name: string, value: string): Change =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } })

export const removeHeader =
  (name: string): Change =>
  ({ headers: { [name]: _, ...headers } = {}, ...request }) => ({ ...request, headers })

export const replaceInAuthorization =
  (pattern: RegExp | string, replacement: string): Change =>
  (request) =>
    setHeader('Authorization', (request.headers?.['Authorization'] ?? '').replace(pattern, replacement))(request)

export const incomplete = 'IncompleteSignatureException'
export const invalid = 'InvalidSignatureException'
export const mismatch =
  /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret/
