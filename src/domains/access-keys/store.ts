/** Access keys: SQL, and only SQL. */
import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import type { PageRequest } from '../../database/pagination.ts'
import { preparedQuery } from '../../database/prepared-query.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import { administratorAccess } from '../policies/builtin.ts'
import type { PrincipalKey } from '../principals/store.ts'

export type AccessKey = Row<'access_keys'>

/** Searches the whole installation. */
export function findAccessKey(db: Db, accessKeyId: string): Promise<AccessKey | undefined> {
  return db.selectFrom('access_keys').selectAll().where('access_key_id', '=', accessKeyId).executeTakeFirst()
}

/** A key joined with the policies of its principal: one row per policy, or a single row with nulls if there are none. */
export type KeyWithPolicy = AccessKey & { policy_name: string | null; document: string | null }

/** Reads the key, its principal's policies and the documents of those that are not built in, in one query. */
export const listKeyWithPolicies = preparedQuery<{ accessKeyId: string }, KeyWithPolicy>((db, { accessKeyId }) =>
  db
    .selectFrom('access_keys as k')
    .leftJoin('principal_policies as pp', (join) =>
      join.onRef('pp.aws_account_id', '=', 'k.aws_account_id').onRef('pp.principal_name', '=', 'k.principal_name'),
    )
    .leftJoin('policies as p', (join) =>
      join.onRef('p.aws_account_id', '=', 'pp.aws_account_id').onRef('p.policy_name', '=', 'pp.policy_name'),
    )
    .selectAll('k')
    .select(['pp.policy_name', 'p.document'])
    .where('k.access_key_id', '=', accessKeyId),
)

/** Throws `NotFoundException`. */
export async function requireAccessKey(db: Db, principal: PrincipalKey, accessKeyId: string): Promise<AccessKey> {
  const key = await findAccessKey(db, accessKeyId)
  const isTheirs = key?.aws_account_id === principal.aws_account_id && key.principal_name === principal.principal_name
  if (!key || !isTheirs) throw notFound('AccessKey', accessKeyId)
  return key
}

export async function insertAccessKey(db: Db, key: AccessKey): Promise<void> {
  await db.insertInto('access_keys').values(key).execute()
}

/** Ordered by id; includes temporary keys. */
export function listKeysOf(db: Db, principal: PrincipalKey, { limit, after }: PageRequest): Promise<AccessKey[]> {
  let query = db
    .selectFrom('access_keys')
    .selectAll()
    .where('aws_account_id', '=', principal.aws_account_id)
    .where('principal_name', '=', principal.principal_name)
    .orderBy('access_key_id')
    .limit(limit)
  if (after) query = query.where('access_key_id', '>', after[0])
  return query.execute()
}

/** Oldest first. */
export function listLongTermKeysOf(db: Db, { aws_account_id, principal_name }: PrincipalKey): Promise<AccessKey[]> {
  return db
    .selectFrom('access_keys')
    .selectAll()
    .where('aws_account_id', '=', aws_account_id)
    .where('principal_name', '=', principal_name)
    .where('session_token_hash', 'is', null)
    .orderBy('created_at')
    .orderBy('access_key_id')
    .execute()
}

/** Oldest first, of all AWS accounts. */
export function listAccessKeys(db: Db): Promise<AccessKey[]> {
  return db.selectFrom('access_keys').selectAll().orderBy('created_at').orderBy('access_key_id').execute()
}

/** An active long-term key of an administrator, preferably of the named principal. */
export async function findAdministratorKey(
  db: Db,
  awsAccountId: string,
  principalName?: string,
): Promise<AccessKey | undefined> {
  const keys = await db
    .selectFrom('access_keys as k')
    .innerJoin('principal_policies as pp', (join) =>
      join.onRef('pp.aws_account_id', '=', 'k.aws_account_id').onRef('pp.principal_name', '=', 'k.principal_name'),
    )
    .selectAll('k')
    .where('k.aws_account_id', '=', awsAccountId)
    .where('k.status', '=', 'Active')
    .where('k.session_token_hash', 'is', null)
    .where('pp.policy_name', '=', administratorAccess)
    .orderBy('k.created_at')
    .orderBy('k.access_key_id')
    .execute()
  return keys.find(({ principal_name }) => principal_name === principalName) ?? keys[0]
}

export function findAnyAccessKey(db: Db): Promise<AccessKey | undefined> {
  return db.selectFrom('access_keys').selectAll().limit(1).executeTakeFirst()
}

/** Deactivating a key deletes the temporary keys that it requested. */
export async function setStatus(db: Db, key: AccessKey, status: AccessKey['status']): Promise<void> {
  const { access_key_id } = key
  await db.updateTable('access_keys').set({ status }).where('access_key_id', '=', access_key_id).execute()
  if (status === 'Inactive') await deleteIssued(db, key).execute()
}

/** Also deletes the temporary keys that the key requested. */
export async function deleteAccessKey(db: Db, key: AccessKey): Promise<void> {
  await deleteIssued(db, key).execute()
  await db.deleteFrom('access_keys').where('access_key_id', '=', key.access_key_id).execute()
}

/** The temporary keys that a key requested. They belong to the same principal, which has an index. */
const deleteIssued = (db: Db, { aws_account_id, principal_name, access_key_id }: AccessKey) =>
  db
    .deleteFrom('access_keys')
    .where('aws_account_id', '=', aws_account_id)
    .where('principal_name', '=', principal_name)
    .where('issued_by', '=', access_key_id)

/** Expired ones included, as long as they are kept. */
export const countIssued = (db: Db, { aws_account_id, principal_name, access_key_id }: AccessKey): Promise<number> =>
  count(
    db
      .selectFrom('access_keys')
      .where('aws_account_id', '=', aws_account_id)
      .where('principal_name', '=', principal_name)
      .where('issued_by', '=', access_key_id),
  )

export async function deleteExpiredIssued(db: Db, key: AccessKey, now: string): Promise<void> {
  await deleteIssued(db, key).where('expires_at', '<=', now).execute()
}

/** Deletes all keys of a principal. */
export async function deleteKeysOf(db: Db, { aws_account_id, principal_name }: PrincipalKey): Promise<void> {
  await db
    .deleteFrom('access_keys')
    .where('aws_account_id', '=', aws_account_id)
    .where('principal_name', '=', principal_name)
    .execute()
}

/** Does nothing if the key has been deleted meanwhile or has a later time of use. */
export async function noteUse(db: Db, accessKeyId: string, at: string): Promise<void> {
  await db
    .updateTable('access_keys')
    .set({ last_used_at: at })
    .where('access_key_id', '=', accessKeyId)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
    .execute()
}

/** Temporary keys of any AWS account that expired before this time. */
export async function listExpired(db: Db, before: string, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('access_keys')
    .select('access_key_id')
    .where('expires_at', '<', before)
    .limit(atMost)
    .execute()
  return rows.map(({ access_key_id }) => access_key_id)
}

export async function deleteKeys(db: Db, accessKeyIds: readonly string[]): Promise<void> {
  await db.deleteFrom('access_keys').where('access_key_id', 'in', accessKeyIds).execute()
}
