import type { Kysely } from 'kysely'
import { text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('invitation_mails')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'user_id', 'invite_id', 'due_at'))
    .addColumn('attempts', 'integer', (it) => it.notNull())
    .addPrimaryKeyConstraint('invitation_mails_pk', ['aws_account_id', 'account_id', 'user_id'])
    .execute()
  await db.schema.createIndex('invitation_mails_by_due').on('invitation_mails').column('due_at').execute()
}
