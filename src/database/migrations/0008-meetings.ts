import type { Kysely } from 'kysely'
import { nullableText, text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meetings')
    .$call((t) => text(t, 'aws_account_id', 'meeting_id', 'join_token_hash', 'created_by', 'created_at'))
    .$call((t) => nullableText(t, 'ended_at'))
    .addPrimaryKeyConstraint('meetings_pk', ['aws_account_id', 'meeting_id'])
    .execute()
  await db.schema
    .createTable('meeting_dial_outs')
    .$call((t) => text(t, 'aws_account_id', 'meeting_id', 'transaction_id', 'from_number', 'to_number'))
    .$call((t) => text(t, 'status', 'requested_by', 'request_id', 'requested_at'))
    .$call((t) => nullableText(t, 'status_reason'))
    .addPrimaryKeyConstraint('meeting_dial_outs_pk', ['aws_account_id', 'meeting_id', 'transaction_id'])
    .execute()
}
