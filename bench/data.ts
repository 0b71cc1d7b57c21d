/** The test data: one account with equally many users and phone numbers, none of them assigned. */
import { sql } from 'kysely'
import { openDatabase } from '../src/database/open.ts'
import type { AccountRow } from '../src/domains/rows.ts'
import type { Db } from '../src/database/transaction.ts'
import { newAccount } from '../src/domains/accounts/rules.ts'
import { insertAccount } from '../src/domains/accounts/store.ts'
import { newPhoneNumber } from '../src/domains/phone-numbers/rules.ts'
import { newUser } from '../src/domains/users/rules.ts'

export const awsAccountId = '111122223333'
export const accountId = '01900000-0000-7000-8000-000000000000'

export const credentials = { accessKeyId: 'AKIABENCHBENCHBENCH0', secretAccessKey: 'a secret for this run alone' }

/** Must match the SQL expressions in `userAt` and `numberAt`. */
export const userIdAt = (index: number): string => `01900000-0000-7000-8000-${100_000_000_000 + index}`
export const phoneNumberAt = (index: number): string => `+1206${2_000_000 + index}`

const batchSize = 50_000

/** Creates the schema with `count` users and numbers. `holders` adds as many users again, each with a number assigned. */
export async function seed(databaseUrl: string, count: number, { holders = false } = {}): Promise<void> {
  const database = await openDatabase(databaseUrl)
  const now = new Date().toISOString()
  const account = newAccount(now, { aws_account_id: awsAccountId, account_id: accountId, name: 'Bench' })
  await database.write((db) => insertAccount(db, account))
  for (let from = 0; from < count; from += batchSize) {
    const range = { from, to: Math.min(from + batchSize, count) }
    await database.write((db) => insertSeries(db, 'users', userAt(account, now), range))
    await database.write((db) => insertSeries(db, 'phone_numbers', numberAt(now), range))
    if (holders) await database.write((db) => insertHolders(db, account, now, range))
  }
  await database.close()
}

const index = sql`i`
const digits = (value: typeof index) => sql`cast(${value} as text)`

const userAt = (account: AccountRow, now: string) => ({
  ...newUser(account, now, { registration_status: 'Registered', registered_at: now }),
  user_id: sql`'01900000-0000-7000-8000-' || ${digits(sql`(100000000000 + i)`)}`,
  email: sql`'user' || ${digits(index)} || '@example.com'`,
  email_key: sql`'user' || ${digits(index)} || '@example.com'`,
  display_name: sql`'User ' || ${digits(index)}`,
  personal_pin: digits(sql`(1000000000 + i)`),
})

const numberAt = (now: string) => ({
  ...newPhoneNumber(now, {
    aws_account_id: awsAccountId,
    phone_number: '',
    country: 'US',
    type: 'Local',
    product_type: 'BusinessCalling',
    status: 'Unassigned',
  }),
  phone_number: sql`'+1206' || ${digits(sql`(2000000 + i)`)}`,
})

interface Range {
  from: number
  to: number
}

/** In key order, assigned users and numbers alternate with free ones. */
async function insertHolders(db: Db, account: AccountRow, now: string, range: Range) {
  const free = { user: userAt(account, now), number: numberAt(now) }
  const user_id = sql`${free.user.user_id} || '5'`
  const phone_number = sql`${free.number.phone_number} || '5'`
  const email = sql`'holder' || ${digits(index)} || '@example.com'`
  const personal_pin = digits(sql`(2000000000 + i)`)
  await insertSeries(db, 'users', { ...free.user, user_id, email, email_key: email, personal_pin }, range)
  await insertSeries(db, 'phone_numbers', { ...free.number, phone_number }, range)
  const { aws_account_id, account_id } = account
  const interval = { assigned_at: now, assigned_by: 'bench', assign_request_id: 'bench' }
  const holding = { aws_account_id, account_id, user_id, phone_number, assignment_id: user_id, ...interval }
  await insertSeries(db, 'assignments', holding, range)
}

/** One statement for both engines. @param row values, or SQL expressions of `i` */
async function insertSeries(db: Db, table: string, row: Record<string, unknown>, { from, to }: Range) {
  const columns = Object.keys(row).map((name) => sql.ref(name))
  const values = Object.values(row).map((value) =>
    typeof value === 'string' || typeof value === 'number' || value === null ? sql.lit(value) : (value as typeof index),
  )
  const series = sql`with recursive series(i) as (select cast(${sql.lit(from)} as integer) union all select i + 1 from series where i + 1 < ${sql.lit(to)})`
  await sql`insert into ${sql.table(table)} (${sql.join(columns)}) ${series} select ${sql.join(values)} from series`.execute(
    db,
  )
}
