/** The administrator's principal and key, which must exist before any request can be signed. */
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
import type { Sealer } from './sealing.ts'

export interface Administrator extends KeyPair {
  /** Whether the key came from the settings, from the database, or was created now. */
  origin: 'given' | 'stored' | 'made'
}

const administratorName = 'administrator'

/**
 * Makes sure that there is an administrator's key: the given one, else a stored one, else a new one.
 * Throws `SealError` if the stored one was sealed with another sealing key.
 */
export async function ensureAdministrator(
  db: Db,
  sealer: Sealer,
  { awsAccountId, now, given }: { awsAccountId: string; now: string; given: KeyPair | undefined },
): Promise<Administrator> {
  const principal = { aws_account_id: awsAccountId, principal_name: administratorName }
  if (given) {
    await allowEverything(db, principal, now)
    await ensureKey(db, sealer, { principal, given, now })
    return { ...given, origin: 'given' }
  }
  const stored = await findAdministratorKey(db, awsAccountId, administratorName)
  if (stored) return { ...openPair(stored, sealer), origin: 'stored' }
  const made = generateKeyPair()
  await allowEverything(db, principal, now)
  await insertAccessKey(db, newAccessKey(principal, made, sealer.seal, now))
  return { ...made, origin: 'made' }
}

const openPair = ({ access_key_id, sealed_secret }: AccessKey, sealer: Sealer): KeyPair => ({
  accessKeyId: access_key_id,
  secretAccessKey: sealer.unseal(access_key_id, sealed_secret),
})

/** Restores the principal: afterwards it exists, and has this policy and no other. */
async function allowEverything(db: Db, principal: PrincipalKey, now: string) {
  const found = await findPrincipal(db, { awsAccountId: principal.aws_account_id }, principal.principal_name)
  if (!found) await insertPrincipal(db, { ...principal, principal_type: 'Administrator', created_at: now })
  const attached = await listAttached(db, principal)
  if (attached.length === 1 && attached[0] === administratorAccess) return
  await detachPolicies(db, principal)
  await attachPolicy(db, principal, administratorAccess, now)
}

interface GivenKey {
  principal: PrincipalKey
  given: KeyPair
  now: string
}

async function ensureKey(db: Db, sealer: Sealer, { principal, given, now }: GivenKey) {
  const stored = await findAccessKey(db, given.accessKeyId)
  if (stored && isAsGiven(stored, sealer, principal, given)) return
  if (stored) await deleteAccessKey(db, stored)
  await insertAccessKey(db, newAccessKey(principal, given, sealer.seal, now))
}

const isAsGiven = (stored: AccessKey, sealer: Sealer, principal: PrincipalKey, { secretAccessKey }: KeyPair) =>
  stored.aws_account_id === principal.aws_account_id &&
  stored.principal_name === principal.principal_name &&
  stored.status === 'Active' &&
  stored.expires_at === null &&
  stored.session_token_hash === null &&
  openPair(stored, sealer).secretAccessKey === secretAccessKey
