/** Principals and keys that there have to be before anybody can sign a request. */
import type { Db } from '../database/transaction.ts'
import { type KeyPair, generateKeyPair, newAccessKey } from '../domains/access-keys/rules.ts'
import {
  type AccessKey,
  deleteAccessKey,
  findAccessKey,
  findAdministratorKey,
  insertAccessKey,
} from '../domains/access-keys/store.ts'
import { administratorAccess } from '../domains/policies/builtin.ts'
import {
  type PrincipalKey,
  attachPolicy,
  detachPolicies,
  findPrincipal,
  insertPrincipal,
  listAttached,
} from '../domains/principals/store.ts'
import type { Seal } from './sealing.ts'

export interface Administrator extends KeyPair {
  /** Whether the settings gave the key, the database had it, or it was made just now. */
  origin: 'given' | 'stored' | 'made'
}

const administratorName = 'administrator'

/**
 * Sees to it that there is an administrator's key: the given one, else a stored one, else a new one.
 * Throws `SealError` where the stored one was sealed with another sealing key.
 */
export async function ensureAdministrator(
  db: Db,
  seal: Seal,
  now: string,
  awsAccountId: string,
  given?: KeyPair,
): Promise<Administrator> {
  const principal = { aws_account_id: awsAccountId, principal_name: administratorName }
  if (given) {
    await allowEverything(db, principal, now)
    await ensureKey(db, seal, now, principal, given)
    return { ...given, origin: 'given' }
  }
  const stored = await findAdministratorKey(db, awsAccountId, administratorName)
  if (stored) return { ...openPair(stored, seal), origin: 'stored' }
  const made = generateKeyPair()
  await allowEverything(db, principal, now)
  await insertAccessKey(db, newAccessKey(principal, made, seal.close, now))
  return { ...made, origin: 'made' }
}

const openPair = ({ access_key_id, sealed_secret }: AccessKey, seal: Seal): KeyPair => ({
  accessKeyId: access_key_id,
  secretAccessKey: seal.open(access_key_id, sealed_secret),
})

/** Whatever became of the principal: it is there, and has this policy and no other. */
async function allowEverything(db: Db, principal: PrincipalKey, now: string) {
  const found = await findPrincipal(db, { awsAccountId: principal.aws_account_id }, principal.principal_name)
  if (!found) await insertPrincipal(db, { ...principal, principal_type: 'Administrator', created_at: now })
  const attached = await listAttached(db, principal)
  if (attached.length === 1 && attached[0] === administratorAccess) return
  await detachPolicies(db, principal)
  await attachPolicy(db, principal, administratorAccess, now)
}

async function ensureKey(db: Db, seal: Seal, now: string, principal: PrincipalKey, given: KeyPair) {
  const stored = await findAccessKey(db, given.accessKeyId)
  if (stored && isAsGiven(stored, seal, principal, given)) return
  if (stored) await deleteAccessKey(db, stored)
  await insertAccessKey(db, newAccessKey(principal, given, seal.close, now))
}

const isAsGiven = (stored: AccessKey, seal: Seal, principal: PrincipalKey, { secretAccessKey }: KeyPair) =>
  stored.aws_account_id === principal.aws_account_id &&
  stored.principal_name === principal.principal_name &&
  stored.status === 'Active' &&
  stored.expires_at === null &&
  stored.session_token_hash === null &&
  openPair(stored, seal).secretAccessKey === secretAccessKey
