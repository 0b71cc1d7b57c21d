import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { type PageRequest, type Position, type Range, horizonOf } from '../../database/pagination.ts'
import type { Row, Tables } from '../../database/schema/tables.ts'
import { readInSlices } from '../../database/slices.ts'
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
export function listStock(db: Db, filter: StockFilter, { limit, ...range }: PageRequest) {
  let query = available(db, filter, range).select('phone_number').limit(limit)
  for (const [column, value] of Object.entries(others(filter)))
    // An expression and not the column, so that SQLite stays with the index that found the horizon.
    if (value !== undefined) query = query.where(sql`coalesce(${sql.ref(column)}, '')`, '=', value)
  return query.execute()
}

export async function findStockHorizon(
  db: Db,
  filter: StockFilter,
  after: Position | undefined,
): Promise<Position | undefined> {
  if (Object.values(others(filter)).every((value) => value === undefined)) return undefined
  const query = available(db, filter, { after })
  return horizonOf(query.select(['phone_number as first', sql<string>`''`.as('second')]))
}

type Columns = Partial<Record<'type' | 'area_code' | 'city_key' | 'state_key', string | undefined>>

/** The filters that an index serves. */
function indexed({ type, areaCode, city, state }: StockFilter): Columns {
  if (areaCode !== undefined) return { area_code: areaCode }
  if (city !== undefined && state !== undefined) return { state_key: state, city_key: city }
  return state === undefined ? { type } : { state_key: state }
}

function others(filter: StockFilter): Columns {
  const { type, areaCode, city, state } = filter
  const all: Columns = { type, area_code: areaCode, city_key: city, state_key: state }
  return { ...all, ...Object.fromEntries(Object.keys(indexed(filter)).map((column) => [column, undefined])) }
}

function available(db: Db, filter: StockFilter, { after, until }: Range) {
  let query: SelectQueryBuilder<Tables, 'stock', object> = db
    .selectFrom('stock')
    .where('available', '=', sql.lit(1))
    .where('country', '=', filter.country)
    .orderBy('phone_number')
  for (const [column, value] of Object.entries(indexed(filter)))
    if (value !== undefined) query = query.where(sql.ref(column), '=', value)
  if (after) query = query.where('phone_number', '>', after[0])
  return until ? query.where('phone_number', '<=', until[0]) : query
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
  total: number
  available: number
}

/** Total and available numbers by country, type and area code. */
export async function countStockRanges(scan: Database['scan']): Promise<StockRangeRow[]> {
  const ranges = new Map<string, StockRangeRow>()
  for await (const rows of readInSlices(scan, countSlice))
    for (const { country, type, area_code, total, available } of rows) {
      const name = JSON.stringify([country, type, area_code])
      const sofar = ranges.get(name) ?? { country, type, area_code, total: 0, available: 0 }
      sofar.total += Number(total)
      sofar.available += Number(available)
      ranges.set(name, sofar)
    }
  return [...ranges.values()]
}

async function countSlice(db: Db, [after]: Position) {
  const slice = db.selectFrom('stock').where('phone_number', '>', after)
  const positions = slice.select(['phone_number as first', sql<string>`''`.as('second')]).orderBy('phone_number')
  const until = await horizonOf(positions)
  const counted = slice
    .select(['country', 'type', 'area_code', db.fn.countAll().as('total'), db.fn.sum('available').as('available')])
    .groupBy(['country', 'type', 'area_code'])
  const rows = await (until ? counted.where('phone_number', '<=', until[0]) : counted).execute()
  return { rows, until }
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
