/** Makes access keys: ids and secrets in the form AWS's are, secrets sealed before they are stored. */
import { randomBytes } from 'node:crypto'
import type { Db } from '../database/tables.ts'
import { sha256 } from './canonical.ts'
import { everythingAllowed, parsePolicy } from './policy.ts'
import type { Seal } from './sealing.ts'
import { findAccessKey, findAccessKeyOf, findAnyAccessKey, putAccessKey } from './store.ts'

export interface KeyPair {
  accessKeyId: string
  secretAccessKey: string
}

export interface NewKey extends Partial<KeyPair> {
  awsAccountId: string
  principalArn: string
  /** An IAM policy document; everything is allowed unless told. */
  policy?: string
  active?: boolean
  sessionToken?: string
  /** ISO-8601 */
  expiresAt?: string
  requestsPerSecond?: number
}

/** Stores a key, generated unless given, and returns the pair: the secret is shown only now. */
export async function createAccessKey(db: Db, seal: Seal, now: string, key: NewKey): Promise<KeyPair> {
  const { accessKeyId, secretAccessKey } = { ...generateKeyPair(), ...key }
  parsePolicy(key.policy ?? everythingAllowed)
  await putAccessKey(db, {
    access_key_id: accessKeyId,
    aws_account_id: key.awsAccountId,
    principal_arn: key.principalArn,
    sealed_secret: seal.close(accessKeyId, secretAccessKey),
    status: key.active === false ? 'Inactive' : 'Active',
    policy: key.policy ?? everythingAllowed,
    session_token_hash: key.sessionToken === undefined ? null : sha256(key.sessionToken),
    expires_at: key.expiresAt ?? null,
    requests_per_second: key.requestsPerSecond ?? null,
    created_at: now,
  })
  return { accessKeyId, secretAccessKey }
}

export interface Administrator extends KeyPair {
  /** Whether the settings gave the key, the database had it, or it was made just now. */
  origin: 'given' | 'stored' | 'made'
}

export const administratorArn = (awsAccountId: string): string => `arn:aws:iam::${awsAccountId}:user/administrator`

/**
 * Sees to it that there is an administrator's key: the given one, else the stored one, else a new one.
 * Throws `SealError` where the secrets in the database were sealed with another sealing key.
 */
export async function ensureAdministrator(
  db: Db,
  seal: Seal,
  now: string,
  awsAccountId: string,
  given?: KeyPair,
): Promise<Administrator> {
  const principalArn = administratorArn(awsAccountId)
  await assertOpens(db, seal)
  if (given) {
    if (!(await isStored(db, seal, given, principalArn)))
      await createAccessKey(db, seal, now, { ...given, awsAccountId, principalArn })
    return { ...given, origin: 'given' }
  }
  const stored = await findAccessKeyOf(db, awsAccountId, principalArn)
  if (!stored) return { ...(await createAccessKey(db, seal, now, { awsAccountId, principalArn })), origin: 'made' }
  const accessKeyId = stored.access_key_id
  return { accessKeyId, secretAccessKey: seal.open(accessKeyId, stored.sealed_secret), origin: 'stored' }
}

/** One secret opens if all do. */
async function assertOpens(db: Db, seal: Seal) {
  const any = await findAnyAccessKey(db)
  if (any) seal.open(any.access_key_id, any.sealed_secret)
}

/** Whether the key is there, for this principal, and allows everything. */
async function isStored(db: Db, seal: Seal, { accessKeyId, secretAccessKey }: KeyPair, principalArn: string) {
  const stored = await findAccessKey(db, accessKeyId)
  return (
    stored?.principal_arn === principalArn &&
    stored.status === 'Active' &&
    stored.policy === everythingAllowed &&
    stored.expires_at === null &&
    stored.session_token_hash === null &&
    seal.open(accessKeyId, stored.sealed_secret) === secretAccessKey
  )
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function generateKeyPair(): KeyPair {
  const id = [...randomBytes(16)].map((byte) => base32[byte % 32]).join('')
  return { accessKeyId: `AKIA${id}`, secretAccessKey: randomBytes(30).toString('base64') }
}
