import { type Kysely, sql } from 'kysely'
import { type Table, flag, nullableText, text } from './columns.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await accounts(db)
  await users(db)
  await phoneNumbers(db)
  await orders(db)
  await identity(db)
}

async function accounts(db: Kysely<unknown>) {
  await db.schema
    .createTable('accounts')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'name', 'name_key', 'account_type', 'account_status'))
    .$call((t) => text(t, 'default_license', 'supported_licenses', 'created_at'))
    .$call((t) => flag(t, 'disable_remote_control', 'enable_dial_out'))
    .$call((t) => nullableText(t, 'deleted_at'))
    .addPrimaryKeyConstraint('accounts_pk', ['aws_account_id', 'account_id'])
    .execute()
  await db.schema
    .createTable('account_domains')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'domain', 'claimed_at'))
    .addPrimaryKeyConstraint('account_domains_pk', ['aws_account_id', 'account_id', 'domain'])
    .execute()
  await db.schema.createIndex('one_account_per_domain').unique().on('account_domains').column('domain').execute()
  await db.schema
    .createIndex('accounts_by_age')
    .on('accounts')
    .columns(['aws_account_id', 'created_at', 'account_id'])
    .execute()
}

async function users(db: Kysely<unknown>) {
  await db.schema
    .createTable('users')
    .$call((t) => text(t, 'aws_account_id', 'account_id', 'user_id', 'license_type', 'user_type'))
    .$call((t) => text(t, 'registration_status', 'created_at'))
    .$call((t) => nullableText(t, 'email', 'email_key', 'display_name', 'invitation_status', 'invite_id'))
    .$call((t) => nullableText(t, 'invited_at', 'registered_at', 'personal_pin', 'alexa_room_arn', 'deleted_at'))
    .$call((t) => flag(t, 'alexa_enabled', 'inbound_calling', 'outbound_calling', 'sms'))
    .addPrimaryKeyConstraint('users_pk', ['aws_account_id', 'account_id', 'user_id'])
    .execute()
  await db.schema
    .createIndex('users_by_age')
    .on('users')
    .columns(['aws_account_id', 'account_id', 'created_at', 'user_id'])
    .execute()
  await db.schema
    .createIndex('one_user_per_email')
    .unique()
    .on('users')
    .column('email_key')
    .where(sql.ref('deleted_at'), 'is', null)
    .execute()
  await db.schema.createIndex('one_user_per_pin').unique().on('users').column('personal_pin').execute()
}

async function phoneNumbers(db: Kysely<unknown>) {
  await db.schema
    .createTable('phone_numbers')
    .$call((t) => text(t, 'aws_account_id', 'phone_number', 'country', 'type', 'product_type', 'status'))
    .$call((t) => text(t, 'calling_name_status', 'created_at', 'updated_at'))
    .$call((t) => nullableText(t, 'order_id', 'calling_name', 'calling_name_due_at', 'deleted_at'))
    .addPrimaryKeyConstraint('phone_numbers_pk', ['aws_account_id', 'phone_number'])
    .execute()
  await db.schema
    .createIndex('phone_numbers_by_age')
    .on('phone_numbers')
    .columns(['aws_account_id', 'created_at', 'phone_number'])
    .execute()
  await db.schema
    .createIndex('one_owner_per_number')
    .unique()
    .on('phone_numbers')
    .column('phone_number')
    .where(sql.ref('status'), '!=', sql.lit('AcquireFailed'))
    .execute()
  await db.schema
    .createIndex('deletion_queue')
    .on('phone_numbers')
    .column('deleted_at')
    .where(sql.ref('deleted_at'), 'is not', null)
    .execute()
  await db.schema
    .createIndex('pending_calling_names')
    .on('phone_numbers')
    .column('calling_name_due_at')
    .where(sql.ref('calling_name_due_at'), 'is not', null)
    .execute()
  await assignments(db)
}

async function assignments(db: Kysely<unknown>) {
  await db.schema
    .createTable('assignments')
    .$call((t) => text(t, 'aws_account_id', 'assignment_id', 'phone_number', 'account_id', 'user_id'))
    .$call((t) => text(t, 'assigned_at', 'assigned_by', 'assign_request_id'))
    .$call((t) => nullableText(t, 'unassigned_at', 'unassigned_by', 'unassign_request_id'))
    .addPrimaryKeyConstraint('assignments_pk', ['aws_account_id', 'phone_number', 'assignment_id'])
    .execute()
  await db.schema
    .createIndex('assignments_by_user')
    .on('assignments')
    .columns(['aws_account_id', 'account_id', 'user_id', 'assignment_id'])
    .execute()
  // These two indexes make a double assignment impossible, whatever the program does.
  await db.schema
    .createIndex('one_holder_per_number')
    .unique()
    .on('assignments')
    .columns(['aws_account_id', 'phone_number'])
    .where(sql.ref('unassigned_at'), 'is', null)
    .execute()
  await db.schema
    .createIndex('one_number_per_user')
    .unique()
    .on('assignments')
    .columns(['aws_account_id', 'account_id', 'user_id'])
    .where(sql.ref('unassigned_at'), 'is', null)
    .execute()
}

async function orders(db: Kysely<unknown>) {
  await db.schema
    .createTable('phone_number_orders')
    .$call((t) => text(t, 'aws_account_id', 'order_id', 'product_type', 'status'))
    .$call((t) => text(t, 'due_at', 'created_at', 'updated_at'))
    .addPrimaryKeyConstraint('phone_number_orders_pk', ['aws_account_id', 'order_id'])
    .execute()
  await db.schema
    .createIndex('phone_number_orders_by_age')
    .on('phone_number_orders')
    .columns(['aws_account_id', 'created_at', 'order_id'])
    .execute()
  await db.schema
    .createIndex('orders_in_process')
    .on('phone_number_orders')
    .column('due_at')
    .where(sql.ref('status'), '=', sql.lit('Processing'))
    .execute()
  await db.schema
    .createTable('ordered_phone_numbers')
    .$call((t) => text(t, 'aws_account_id', 'order_id', 'phone_number', 'status'))
    .addColumn('position', 'integer', (it) => it.notNull())
    .addPrimaryKeyConstraint('ordered_phone_numbers_pk', ['aws_account_id', 'order_id', 'position'])
    .execute()
  await stock(db)
}

async function stock(db: Kysely<unknown>) {
  await db.schema
    .createTable('stock')
    .addColumn('phone_number', 'text', (it) => it.primaryKey())
    .$call((t) => text(t as Table, 'country', 'type'))
    .$call((t) => nullableText(t, 'area_code', 'city_key', 'state_key'))
    .$call((t) => flag(t, 'available'))
    .execute()
  for (const column of ['area_code', 'state_key'])
    await db.schema
      .createIndex(`available_by_${column}`)
      .on('stock')
      .columns(['country', column, 'phone_number'])
      .where(sql.ref('available'), '=', sql.lit(1))
      .execute()
}

async function identity(db: Kysely<unknown>) {
  await db.schema
    .createTable('access_keys')
    .addColumn('access_key_id', 'text', (it) => it.primaryKey())
    .$call((t) =>
      text(t as Table, 'aws_account_id', 'principal_arn', 'sealed_secret', 'status', 'policy', 'created_at'),
    )
    .$call((t) => nullableText(t, 'session_token_hash', 'expires_at'))
    .addColumn('requests_per_second', 'integer')
    .execute()
  await db.schema
    .createTable('journal')
    .$call((t) => text(t, 'aws_account_id', 'event_id', 'event_time', 'event_name', 'principal_arn', 'request_id'))
    .$call((t) => text(t, 'request_parameters'))
    .$call((t) => nullableText(t, 'access_key_id', 'source_ip', 'user_agent'))
    .addPrimaryKeyConstraint('journal_pk', ['aws_account_id', 'event_id'])
    .execute()
}
