import { sql } from 'kysely'
import type { PageRequest } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type StockRow = Row<'stock'>

/** Undefined members do not filter. */
export interface StockFilter {
  country: string
  type: StockRow['type'] | undefined
  areaCode: string | undefined
  /** City and state are in lower case. */
  city: string | undefined
  state: string | undefined
}

/** Available stock, ordered by number. */
export function listStock(db: Db, filter: StockFilter, { limit, after }: PageRequest) {
  let query = db
    .selectFrom('stock')
    .select('phone_number')
    .where('available', '=', 1)
    .where('country', '=', filter.country)
    .orderBy('phone_number')
    .limit(limit)
  if (after) query = query.where('phone_number', '>', after[0])
  if (filter.type !== undefined) query = query.where('type', '=', filter.type)
  if (filter.areaCode !== undefined) query = query.where('area_code', '=', filter.areaCode)
  if (filter.city !== undefined) query = query.where('city_key', '=', filter.city)
  if (filter.state !== undefined) query = query.where('state_key', '=', filter.state)
  return query.execute()
}

/** Takes those of the numbers that are still available and returns them. */
export function takeFromStock(db: Db, phoneNumbers: readonly string[]): Promise<StockRow[]> {
  return db
    .updateTable('stock')
    .set({ available: 0 })
    .where('phone_number', 'in', phoneNumbers)
    .where('available', '=', 1)
    .returningAll()
    .execute()
}

export async function returnToStock(db: Db, phoneNumbers: readonly string[]): Promise<void> {
  if (phoneNumbers.length === 0) return
  await db.updateTable('stock').set({ available: 1 }).where('phone_number', 'in', phoneNumbers).execute()
}

/** Those of the numbers that are in stock, available or not. */
export async function findInStock(db: Db, phoneNumbers: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('stock').select('phone_number').where('phone_number', 'in', phoneNumbers).execute()
  return rows.map(({ phone_number }) => phone_number)
}

const rowsAtOnce = 500

/** Numbers already in stock stay unchanged; numbers already in an inventory are added as unavailable. */
export async function addToStock(db: Db, rows: readonly StockRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) await addSome(db, rows.slice(start, start + rowsAtOnce))
}

async function addSome(db: Db, rows: readonly StockRow[]) {
  const phoneNumbers = rows.map(({ phone_number }) => phone_number)
  await db
    .insertInto('stock')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const taken = await listTaken(db, phoneNumbers)
  if (taken.length > 0) await db.updateTable('stock').set({ available: 0 }).where('phone_number', 'in', taken).execute()
}

async function listTaken(db: Db, phoneNumbers: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('phone_numbers')
    .select('phone_number')
    .where('phone_number', 'in', phoneNumbers)
    .where('status', '!=', 'AcquireFailed')
    .execute()
  return rows.map(({ phone_number }) => phone_number)
}

/** Counts those of the numbers that are in stock, available or not. */
export async function countStock(db: Db, phoneNumbers: readonly string[]): Promise<number> {
  let count = 0
  for (let start = 0; start < phoneNumbers.length; start += rowsAtOnce)
    count += (await findInStock(db, phoneNumbers.slice(start, start + rowsAtOnce))).length
  return count
}

export type StockRangeRow = Pick<StockRow, 'country' | 'type' | 'area_code'> & {
  total: number | string | bigint
  available: number | string | bigint
}

/** Total and available numbers by country, type and area code. */
export function listStockRanges(
  db: Db,
  country: string | undefined,
  { limit, after }: PageRequest,
): Promise<StockRangeRow[]> {
  const kind = sql<string>`country || ' ' || type`
  const area = sql<string>`coalesce(area_code, '')`
  let query = db
    .selectFrom('stock')
    .select(['country', 'type', 'area_code', db.fn.countAll().as('total'), db.fn.sum('available').as('available')])
    .groupBy(['country', 'type', 'area_code'])
    .orderBy(kind)
    .orderBy(area)
    .limit(limit)
  if (country !== undefined) query = query.where('country', '=', country)
  if (after) query = query.where(sql<boolean>`(${kind}, ${area}) > (${sql.join(after)})`)
  return query.execute()
}

/** Removes numbers that are available or still being acquired; returns how many. */
export async function withdrawStock(db: Db, phoneNumbers: readonly string[]): Promise<number> {
  const coming = db
    .selectFrom('phone_numbers')
    .select('phone_number')
    .where('phone_number', 'in', phoneNumbers)
    .where('status', '=', 'AcquireInProgress')
  const { numDeletedRows } = await db
    .deleteFrom('stock')
    .where('phone_number', 'in', phoneNumbers)
    .where((eb) => eb.or([eb('available', '=', 1), eb('phone_number', 'in', coming)]))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

export async function hasStock(db: Db): Promise<boolean> {
  return (await db.selectFrom('stock').select('phone_number').limit(1).executeTakeFirst()) !== undefined
}
