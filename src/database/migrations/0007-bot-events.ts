import type { Kysely } from 'kysely'
import { nullableText, text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook_urls')
    .$call((t) => text(t, 'url_id', 'token_hash', 'aws_account_id', 'account_id', 'room_id'))
    .$call((t) => text(t, 'owner_type', 'owner_id', 'name', 'created_by', 'created_at'))
    .$call((t) => nullableText(t, 'expires_at', 'revoked_at', 'last_posted_at'))
    .addPrimaryKeyConstraint('webhook_urls_pk', ['url_id'])
    .execute()
  await db.schema
    .createIndex('webhook_urls_by_room')
    .on('webhook_urls')
    .columns(['aws_account_id', 'account_id', 'room_id', 'owner_id'])
    .execute()
  await db.schema
    .createTable('bot_deliveries')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'bot_id', 'delivery_id', 'event_type', 'body', 'due_at'))
    .addColumn('attempts', 'integer', (it) => it.notNull())
    .addPrimaryKeyConstraint('bot_deliveries_pk', ['aws_account_id', 'account_id', 'bot_id', 'delivery_id'])
    .execute()
  await db.schema.createIndex('bot_deliveries_by_due').on('bot_deliveries').column('due_at').execute()
}
