import type { Kysely } from 'kysely'
import { flag, nullableText, text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('bots')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'bot_id', 'display_name', 'bot_email', 'security_token'))
    .$call((t) => text(t, 'created_at', 'updated_at'))
    .$call((t) => flag(t, 'disabled'))
    .$call((t) => nullableText(t, 'https_endpoint', 'lambda_arn'))
    .addPrimaryKeyConstraint('bots_pk', ['aws_account_id', 'account_id', 'bot_id'])
    .execute()
  await db.schema.createIndex('one_bot_per_email').unique().on('bots').column('bot_email').execute()
}
