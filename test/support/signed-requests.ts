import type { Tenant, TestBelfry } from './belfry.ts'
import { type RawAnswer, type RawRequest, sendSigned } from './raw.ts'

/** Short, so that tests of incomplete requests are quick. */
export const shortTimeouts = { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600' } as const

/** Sends raw requests that are signed for one caller. */
export function createSender({ url }: TestBelfry, tenant: Tenant) {
  const signed = (request: RawRequest): Promise<RawAnswer> => sendSigned(url, tenant, request)
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    signed({ method: 'POST', path, body, headers })
  return { signed, post }
}
