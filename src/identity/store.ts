import type { Db, Row } from '../database/tables.ts'

export type AccessKey = Row<'access_keys'>

export function findAccessKey(db: Db, accessKeyId: string): Promise<AccessKey | undefined> {
  return db.selectFrom('access_keys').selectAll().where('access_key_id', '=', accessKeyId).executeTakeFirst()
}

export function findAnyAccessKey(db: Db): Promise<AccessKey | undefined> {
  return db.selectFrom('access_keys').selectAll().limit(1).executeTakeFirst()
}

export function findAccessKeyOf(db: Db, awsAccountId: string, principalArn: string): Promise<AccessKey | undefined> {
  return db
    .selectFrom('access_keys')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .where('principal_arn', '=', principalArn)
    .where('status', '=', 'Active')
    .orderBy('created_at')
    .executeTakeFirst()
}

/** Inserts the key, or replaces the one of the same id. */
export async function putAccessKey(db: Db, key: AccessKey): Promise<void> {
  await db
    .insertInto('access_keys')
    .values(key)
    .onConflict((conflict) => conflict.column('access_key_id').doUpdateSet(key))
    .execute()
}

/** Oldest first, of all AWS accounts. */
export function listAccessKeys(db: Db): Promise<AccessKey[]> {
  return db.selectFrom('access_keys').selectAll().orderBy('created_at').orderBy('access_key_id').execute()
}

/** Answers whether there is such a key. */
export async function setAccessKeyStatus(db: Db, accessKeyId: string, status: AccessKey['status']): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('access_keys')
    .set({ status })
    .where('access_key_id', '=', accessKeyId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
