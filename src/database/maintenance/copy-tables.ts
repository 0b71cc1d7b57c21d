/** All that is stored, taken from one database to another, whatever the engines. */
import { type SelectQueryBuilder, sql } from 'kysely'
import type { TableName, Tables } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'

type Keys = { readonly [Name in TableName]: readonly (keyof Tables[Name] & string)[] }

/** Every table, and what its rows are named by: one that is left out does not compile. */
const keys: Keys = {
  accounts: ['aws_account_id', 'account_id'],
  account_domains: ['aws_account_id', 'account_id', 'domain'],
  signin_delegate_groups: ['aws_account_id', 'account_id', 'group_name'],
  aws_account_settings: ['aws_account_id'],
  users: ['aws_account_id', 'account_id', 'user_id'],
  phone_numbers: ['aws_account_id', 'phone_number'],
  assignments: ['aws_account_id', 'assignment_id'],
  phone_number_orders: ['aws_account_id', 'order_id'],
  ordered_phone_numbers: ['aws_account_id', 'order_id', 'position'],
  stock: ['phone_number'],
  rooms: ['aws_account_id', 'account_id', 'room_id'],
  room_tokens: ['aws_account_id', 'account_id', 'principal_arn', 'token_hash'],
  room_memberships: ['aws_account_id', 'account_id', 'room_id', 'member_id'],
  conversations: ['aws_account_id', 'account_id', 'conversation_id'],
  messages: ['aws_account_id', 'account_id', 'place_type', 'place_id', 'message_id'],
  retention_settings: ['aws_account_id', 'account_id'],
  bots: ['aws_account_id', 'account_id', 'bot_id'],
  webhook_urls: ['url_id'],
  bot_deliveries: ['aws_account_id', 'account_id', 'bot_id', 'delivery_id'],
  meetings: ['aws_account_id', 'meeting_id'],
  meeting_dial_outs: ['aws_account_id', 'meeting_id', 'transaction_id'],
  invitation_mails: ['aws_account_id', 'account_id', 'user_id'],
  principals: ['aws_account_id', 'principal_name'],
  policies: ['aws_account_id', 'policy_name'],
  principal_policies: ['aws_account_id', 'principal_name', 'policy_name'],
  access_keys: ['access_key_id'],
  journal: ['aws_account_id', 'event_id'],
}

export const tableNames = Object.keys(keys) as TableName[]

/** SQLite takes 32,766 values in one statement, and the widest table has 23 columns. */
const rowsAtOnce = 1000

/** Never more than some rows in memory at a time. @param tables those that there are; a database of old has fewer */
export async function copyRows(from: Db, to: Db, tables: readonly TableName[] = tableNames): Promise<void> {
  for (const table of tables)
    for await (const rows of batches(from, table)) await to.insertInto(table).values(rows).execute()
}

async function* batches(db: Db, table: TableName) {
  const key = keys[table]
  let last: readonly unknown[] | undefined
  for (;;) {
    const rows = await batchAfter(db, table, key, last)
    if (rows.length > 0) yield rows
    const end = rows.at(-1)
    if (!end || rows.length < rowsAtOnce) return
    last = key.map((column) => end[column])
  }
}

type AnyRow = Record<string, never>
type AnyTable = SelectQueryBuilder<Record<TableName, AnyRow>, TableName, AnyRow>

function batchAfter(db: Db, table: TableName, key: readonly string[], last: readonly unknown[] | undefined) {
  let query = (db.selectFrom(table).selectAll() as unknown as AnyTable).limit(rowsAtOnce)
  for (const column of key) query = query.orderBy(sql.ref(column))
  if (last) query = query.where(sql<boolean>`(${sql.join(key.map((it) => sql.ref(it)))}) > (${sql.join(last)})`)
  return query.execute()
}

/** Of the tables given, the first that has a row. */
export async function findFilled(db: Db, tables: readonly TableName[]): Promise<TableName | undefined> {
  for (const table of tables)
    if (
      (
        await db
          .selectFrom(table)
          .select(sql`1`.as('one'))
          .limit(1)
          .execute()
      ).length > 0
    )
      return table
  return undefined
}
