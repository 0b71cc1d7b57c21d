import { type SelectQueryBuilder, sql } from 'kysely'
import { primaryKeys, tableNames } from '../schema/primary-keys.ts'
import type { TableName } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'

/** SQLite takes 32,766 values in one statement, and the widest table has 23 columns. */
const rowsAtOnce = 1000

/** Holds one page of rows in memory at a time. @param tables the tables of the source, which lacks some if its schema is older */
export async function copyRows(from: Db, to: Db, tables: readonly TableName[] = tableNames): Promise<void> {
  for (const table of tables)
    for await (const rows of batches(from, table)) await to.insertInto(table).values(rows).execute()
}

/** Pages of the rows of a table, in the order of its key. */
export async function* batches(db: Db, table: TableName): AsyncGenerator<AnyRow[]> {
  const key = primaryKeys[table]
  let last: readonly unknown[] | undefined
  for (;;) {
    const rows = await batchAfter(db, table, key, last)
    if (rows.length > 0) yield rows
    const end = rows.at(-1)
    if (!end || rows.length < rowsAtOnce) return
    last = key.map((column) => end[column])
    if (last.some(isBlob)) throw new Error(`a key of ${table} is no text`)
  }
}

/** As `row-reader.ts` shows it: the position of such a row cannot be asked for. */
const isBlob = (value: unknown) => typeof value === 'string' && value.startsWith('\0')

type AnyRow = Record<string, never>
type AnyTable = SelectQueryBuilder<Record<TableName, AnyRow>, TableName, AnyRow>

function batchAfter(db: Db, table: TableName, key: readonly string[], last: readonly unknown[] | undefined) {
  let query = (db.selectFrom(table).selectAll() as unknown as AnyTable).limit(rowsAtOnce)
  for (const column of key) query = query.orderBy(sql.ref(column))
  if (last) query = query.where(sql<boolean>`(${sql.join(key.map((it) => sql.ref(it)))}) > (${sql.join(last)})`)
  return query.execute()
}

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
