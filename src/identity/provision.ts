/** Principals and keys that the operator creates in the database directly, without a signed request. */
import type { Db } from '../database/transaction.ts'
import { type KeyPair, generateKeyPair, newAccessKey } from '../domains/access-keys/rules.ts'
import { type AccessKey, insertAccessKey } from '../domains/access-keys/store.ts'
import { administratorAccess, builtInPolicies } from '../domains/policies/builtin.ts'
import { findPolicy, putPolicy } from '../domains/policies/store.ts'
import { type PrincipalKey, type PrincipalRow, attachPolicy, insertPrincipal } from '../domains/principals/store.ts'
import type { Sealer } from './sealing.ts'

interface NewPrincipal {
  awsAccountId: string
  name: string
  /** The name of a built-in policy, or a document that `parsePolicy` takes. Without one everything is allowed. */
  policy?: string | undefined
}

/** A document becomes a policy of the AWS account, named after the principal. */
export async function provisionPrincipal(
  db: Db,
  now: string,
  { awsAccountId, name, policy = administratorAccess }: NewPrincipal,
): Promise<PrincipalRow> {
  const principal: PrincipalRow = {
    aws_account_id: awsAccountId,
    principal_name: name,
    principal_type: policy === administratorAccess ? 'Administrator' : 'Person',
    created_at: now,
  }
  await insertPrincipal(db, principal)
  const policyName = builtInPolicies.has(policy) ? policy : await storeDocument(db, principal, policy, now)
  await attachPolicy(db, principal, policyName, now)
  return principal
}

async function storeDocument(db: Db, principal: PrincipalRow, document: string, now: string): Promise<string> {
  const { aws_account_id, principal_name } = principal
  const policy_name = await findFreeName(db, aws_account_id, principal_name)
  await putPolicy(db, { aws_account_id, policy_name, document, created_at: now, updated_at: now })
  return policy_name
}

/** A policy that already has this name must not change. */
async function findFreeName(db: Db, awsAccountId: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`
    const taken = builtInPolicies.has(candidate) || (await findPolicy(db, { awsAccountId }, candidate))
    if (!taken) return candidate
  }
}

interface NewKey extends Partial<AccessKey> {
  principal: PrincipalKey
  now: string
  pair?: KeyPair | undefined
}

/** Stores a key, generated unless given, and returns the pair. The secret cannot be read again later. */
export async function provisionKey(
  db: Db,
  sealer: Sealer,
  { principal, now, pair = generateKeyPair(), ...traits }: NewKey,
): Promise<KeyPair> {
  await insertAccessKey(db, { ...newAccessKey(principal, pair, sealer.seal, now), ...traits })
  return pair
}
