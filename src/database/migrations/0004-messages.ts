import type { Kysely } from 'kysely'
import { nullableText, text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('conversations')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'conversation_id', 'member_ids', 'created_at'))
    .addPrimaryKeyConstraint('conversations_pk', ['aws_account_id', 'account_id', 'conversation_id'])
    .execute()
  await db.schema
    .createTable('messages')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'place_type', 'place_id', 'message_id'))
    .$call((t) => text(t, 'sender_type', 'sender_id', 'created_at'))
    .$call((t) => nullableText(t, 'content', 'redacted_at', 'redacted_by'))
    .addPrimaryKeyConstraint('messages_pk', ['aws_account_id', 'account_id', 'place_type', 'place_id', 'message_id'])
    .execute()
  await db.schema
    .createIndex('messages_by_age')
    .on('messages')
    .columns(['aws_account_id', 'account_id', 'place_type', 'created_at'])
    .execute()
  await db.schema
    .createTable('retention_settings')
    .$call((t) => text(t, 'aws_account_id', 'account_id'))
    .addColumn('room_days', 'integer')
    .addColumn('conversation_days', 'integer')
    .addColumn('initiate_deletion_at', 'text')
    .addPrimaryKeyConstraint('retention_settings_pk', ['aws_account_id', 'account_id'])
    .execute()
}
