/** Retention settings of messages: SQL, and only SQL. */
import type { AccountKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type RetentionRow = Row<'retention_settings'>

/** The default is to keep messages forever. */
export async function readRetention(db: Db, { aws_account_id, account_id }: AccountKey): Promise<RetentionRow> {
  const stored = await db
    .selectFrom('retention_settings')
    .selectAll()
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .executeTakeFirst()
  return stored ?? { aws_account_id, account_id, room_days: null, conversation_days: null, initiate_deletion_at: null }
}

export async function writeRetention(db: Db, retention: RetentionRow): Promise<void> {
  await db
    .insertInto('retention_settings')
    .values(retention)
    .onConflict((conflict) => conflict.columns(['aws_account_id', 'account_id']).doUpdateSet(retention))
    .execute()
}

/** Accounts whose grace period has ended by `now`. */
export function listRetentionInForce(db: Db, now: string): Promise<RetentionRow[]> {
  return db.selectFrom('retention_settings').selectAll().where('initiate_deletion_at', '<=', now).execute()
}

export type MessageKind = Row<'messages'>['place_type']

export async function hasMessagesBefore(db: Db, account: AccountKey, kind: MessageKind, before: string) {
  const found = await db
    .selectFrom('messages')
    .select('message_id')
    .where('aws_account_id', '=', account.aws_account_id)
    .where('account_id', '=', account.account_id)
    .where('place_type', '=', kind)
    .where('created_at', '<', before)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Deletes permanently; returns the number of deleted messages. */
export async function deleteMessagesBefore(db: Db, account: AccountKey, kind: MessageKind, before: string) {
  const { numDeletedRows } = await db
    .deleteFrom('messages')
    .where('aws_account_id', '=', account.aws_account_id)
    .where('account_id', '=', account.account_id)
    .where('place_type', '=', kind)
    .where('created_at', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
