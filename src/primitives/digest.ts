/** SHA-256, and comparison in constant time. */
import { hash, timingSafeEqual } from 'node:crypto'

/** Most requests have no body. */
const ofNothing = hash('sha256', '', 'hex')

/** SHA-256 in hex, of a text as UTF-8. Enough for stored secrets, because they are random and long. */
export const sha256 = (data: string | Uint8Array): string =>
  data.length === 0 ? ofNothing : hash('sha256', data, 'hex')

/** Whether two texts are equal. The time it takes depends on their lengths alone. */
export function constantTimeEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Whether a stored digest is the one of this secret. */
export const isSecretOf = (digest: string, secret: string | Uint8Array): boolean =>
  constantTimeEqual(sha256(secret), digest)
