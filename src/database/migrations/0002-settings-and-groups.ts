import type { Kysely } from 'kysely'
import { nullableText, text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('signin_delegate_groups')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'group_name', 'associated_at'))
    .addPrimaryKeyConstraint('signin_delegate_groups_pk', ['aws_account_id', 'account_id', 'group_name'])
    .execute()
  await db.schema
    .createTable('aws_account_settings')
    .$call((t) => text(t, 'aws_account_id'))
    .$call((t) => nullableText(t, 'business_calling_cdr_bucket', 'voice_connector_cdr_bucket'))
    .$call((t) => nullableText(t, 'calling_name', 'calling_name_updated_at'))
    .addPrimaryKeyConstraint('aws_account_settings_pk', ['aws_account_id'])
    .execute()
  await db.schema.alterTable('users').addColumn('signed_out_at', 'text').execute()
}
