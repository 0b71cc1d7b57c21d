import { type Kysely, sql } from 'kysely'
import { text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rooms')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'room_id', 'name', 'created_by', 'created_at', 'updated_at'))
    .addPrimaryKeyConstraint('rooms_pk', ['aws_account_id', 'account_id', 'room_id'])
    .execute()
  await db.schema
    .createIndex('rooms_by_age')
    .on('rooms')
    .columns(['aws_account_id', 'account_id', 'created_at', 'room_id'])
    .execute()
  await db.schema
    .createTable('room_tokens')
    .$call((t) =>
      text(t, 'aws_account_id', 'account_id', 'principal_arn', 'token_hash', 'room_id', 'name', 'created_at'),
    )
    .addPrimaryKeyConstraint('room_tokens_pk', ['aws_account_id', 'account_id', 'principal_arn', 'token_hash'])
    .execute()
  await db.schema
    .createTable('room_memberships')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'room_id', 'member_id', 'member_type', 'member_account_id'))
    .$call((t) => text(t, 'role', 'invited_by', 'created_at', 'updated_at'))
    .addPrimaryKeyConstraint('room_memberships_pk', ['aws_account_id', 'account_id', 'room_id', 'member_id'])
    .execute()
  await db.schema
    .createIndex('room_memberships_by_member')
    .on('room_memberships')
    .columns(['aws_account_id', 'member_id'])
    .execute()
  await db.schema
    .createIndex('users_by_id')
    .on('users')
    .columns(['aws_account_id', 'user_id'])
    .where(sql.ref('deleted_at'), 'is', null)
    .execute()
}
