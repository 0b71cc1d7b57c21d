/** `belfry verify` and `belfry restore` look at every value: is it one that its column may hold? */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { isSqlite, newDatabase } from '../../../test/support/belfry.ts'
import { afterTests } from '../../../test/support/clean-up.ts'
import { everyRow, everyTable, insertEveryRow } from '../../../test/support/every-row.ts'
import { describeSchema } from '../../../test/support/schema.ts'
import type { Breach } from '../invariant.ts'
import { openMigrated } from '../open.ts'
import { tables } from '../schema/tables.ts'
import { findInvalidValues } from './invalid-values.ts'

const url = await newDatabase()
const { database, connection } = await openMigrated(url)
afterTests(() => database.close())
await database.write(insertEveryRow)

/** Returns what is found after some statements, which are rolled back. */
async function findAfter(...statements: string[]): Promise<Breach> {
  let found: Breach | undefined
  const undone = new Error('undone')
  const attempt = database.write(async (db) => {
    for (const statement of statements) await sql.raw(statement).execute(db)
    found = await findInvalidValues(db)
    throw undone
  })
  await expect(attempt).rejects.toBe(undone)
  return found ?? { ids: [], more: false }
}

test('every column is described as the migrations make it', async () => {
  const stored = (await describeSchema(connection)).flatMap((line) => {
    const [, column, type] = /^(\w+\.\w+) (\w+)/.exec(line) ?? []
    return column === undefined ? [] : [`${column} ${type}${/ not null| key /.test(line) ? ' not null' : ''}`]
  })
  const described = everyTable.flatMap((table) =>
    Object.entries<z.ZodType>(tables[table].shape).map(([column, shape]) => {
      const type = shape.safeParse(1).success ? 'integer' : 'text'
      return `${table}.${column} ${type}${shape.safeParse(null).success ? '' : ' not null'}`
    }),
  )
  expect(stored.toSorted()).toEqual(described.toSorted())
})

test('one row of every table has no invalid value', async () => {
  expect(await findAfter()).toEqual({ ids: [], more: false })
})

const account = '123456789012/12a3456b-7c89-012d-3456-78901e23fg45'

test.each([
  ["accounts set account_type = 'Gold'", `accounts.account_type of ${account}`],
  ['accounts set supported_licenses = \'["Gold"]\'', `accounts.supported_licenses of ${account}`],
  ["accounts set created_at = 'yesterday'", `accounts.created_at of ${account}`],
  ["accounts set deleted_at = '2026-07-01T12:00:00Z'", `accounts.deleted_at of ${account}`],
  ["accounts set created_at = '2026-02-30T12:00:00.000Z'", `accounts.created_at of ${account}`],
  ['accounts set enable_dial_out = 2', `accounts.enable_dial_out of ${account}`],
  ['retention_settings set room_days = 2000000000', `retention_settings.room_days of ${account}`],
  ["access_keys set status = 'active'", 'access_keys.status of AKIAEVERYROWEVERYROW'],
  ["phone_numbers set status = 'Stolen'", 'phone_numbers.status of 123456789012/+12065550100'],
  ["journal set request_parameters = '{'", `journal.request_parameters of 123456789012/${everyRow.journal.event_id}`],
  ["journal set resources = '{}'", `journal.resources of 123456789012/${everyRow.journal.event_id}`],
  ["policies set document = '[]'", 'policies.document of 123456789012/own'],
  [
    "conversations set member_ids = '[1]'",
    `conversations.member_ids of ${account}/${everyRow.conversations.conversation_id}`,
  ],
])('after update %s the value is found', async (change, id) => {
  expect(await findAfter(`update ${change}`)).toEqual({ ids: [id], more: false })
})

/** PostgreSQL refuses values of another type itself. */
const otherTypes: [change: string, id: string][] = [
  ["accounts set name = x'4142'", `accounts.name of ${account}`],
  ["accounts set enable_dial_out = 'yes'", `accounts.enable_dial_out of ${account}`],
  ['accounts set enable_dial_out = 0.5', `accounts.enable_dial_out of ${account}`],
  ["stock set phone_number = x'4142'", 'stock.phone_number of 4142'],
]

test.each(isSqlite(url) ? otherTypes : [])('after update %s the type is found', async (change, id) => {
  expect(await findAfter(`update ${change}`)).toEqual({ ids: [id], more: false })
})

test('at most ten values are named', async () => {
  const found = await findAfter(
    `update users set created_at = 'then', invited_at = 'then', registered_at = 'then', deleted_at = 'then', sms = 7`,
    `update assignments set assigned_at = 'then', unassigned_at = 'then'`,
    `update phone_numbers set created_at = 'then', updated_at = 'then', deleted_at = 'then', status = 'x'`,
  )
  expect(found).toMatchObject({ ids: { length: 10 }, more: true })
})
