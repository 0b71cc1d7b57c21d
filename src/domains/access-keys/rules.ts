import { randomBytes } from 'node:crypto'
import { ServiceError, badRequest, limitExceeded } from '../../contract/errors.ts'
import { shift } from '../../primitives/time.ts'
import type { PrincipalKey } from '../principals/store.ts'
import type { SealSecret } from '../operation.ts'
import { sha256 } from '../../primitives/digest.ts'
import type { AccessKey } from './store.ts'

export interface KeyPair {
  accessKeyId: string
  secretAccessKey: string
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** In the form of AWS's keys. @param kind `ASIA` for temporary keys */
export function generateKeyPair(kind: 'AKIA' | 'ASIA' = 'AKIA'): KeyPair {
  const id = [...randomBytes(16)].map((byte) => base32[byte % 32]).join('')
  return { accessKeyId: `${kind}${id}`, secretAccessKey: randomBytes(30).toString('base64') }
}

/** An active long-term key of a principal. */
export const newAccessKey = (
  { aws_account_id, principal_name }: PrincipalKey,
  { accessKeyId, secretAccessKey }: KeyPair,
  seal: SealSecret,
  now: string,
): AccessKey => ({
  access_key_id: accessKeyId,
  aws_account_id,
  principal_name,
  sealed_secret: seal(accessKeyId, secretAccessKey),
  status: 'Active',
  session_token_hash: null,
  expires_at: null,
  issued_by: null,
  requests_per_second: null,
  created_at: now,
  last_used_at: null,
})

export interface Session extends KeyPair {
  sessionToken: string
  expiresAt: string
}

export const newSession = (now: string, seconds: number): Session => ({
  ...generateKeyPair('ASIA'),
  sessionToken: randomBytes(96).toString('base64'),
  expiresAt: shift(now, seconds * 1000),
})

interface Issuance {
  sealSecret: SealSecret
  now: string
  /** The key that signed the request for the session; absent if the command line created the session. */
  issuer?: AccessKey
}

/** The temporary key of a session. */
export const newSessionKey = (
  principal: PrincipalKey,
  session: Session,
  { sealSecret, now, issuer }: Issuance,
): AccessKey => ({
  ...newAccessKey(principal, session, sealSecret, now),
  session_token_hash: sha256(session.sessionToken),
  expires_at: session.expiresAt,
  issued_by: issuer?.access_key_id ?? null,
  requests_per_second: issuer?.requests_per_second ?? null,
})

/** As in IAM: the key in use and its replacement during rotation. [documented] */
const keysAtMost = 2

/** Throws `ResourceLimitExceededException`. @param count number of long-term keys that exist already */
export function assertKeyFits(count: number): void {
  if (count >= keysAtMost) throw limitExceeded(keysAtMost, 'access keys per principal')
}

/** Of one long-term key, valid at a time. */
export const sessionsAtMost = 1_000

/** Throws `ResourceLimitExceededException`. @param count of the temporary keys that are valid */
export function assertSessionFits(count: number): void {
  if (count >= sessionsAtMost) throw limitExceeded(sessionsAtMost, 'valid temporary keys per access key')
}

/** Throws `ConflictException`: ids are unique in the whole installation. */
export function assertFree(taken: unknown, accessKeyId: string): void {
  if (taken !== undefined) throw new ServiceError('ConflictException', `There is an access key ${accessKeyId} already`)
}

/** Returns undefined if neither half is given. Throws `BadRequestException` if only one is. */
export function readPair(accessKeyId: string | undefined, secretAccessKey: string | undefined): KeyPair | undefined {
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw badRequest('AccessKeyId and SecretAccessKey must be given together, or not at all')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  const pair = { accessKeyId, secretAccessKey }
  assertImportable(pair)
  return pair
}

/** Throws `BadRequestException`. */
export function assertImportable({ accessKeyId }: KeyPair): void {
  if (accessKeyId.startsWith('ASIA')) throw badRequest('Temporary keys cannot be imported')
}

/**
 * Throws `ForbiddenException` for a temporary key, because it could otherwise extend its own lifetime, and
 * `UnauthorizedClientException` for a key that was deactivated a moment ago.
 */
export function assertLongTerm(key: AccessKey | undefined): asserts key is AccessKey {
  if (!key || key.session_token_hash !== null)
    throw new ServiceError('ForbiddenException', 'Temporary credentials cannot make credentials')
  assertSwitchedOn(key)
}

/** Throws `UnauthorizedClientException`. */
export function assertSwitchedOn({ status }: Pick<AccessKey, 'status'>): void {
  if (status !== 'Active')
    throw new ServiceError('UnauthorizedClientException', 'The access key of this request is switched off')
}
