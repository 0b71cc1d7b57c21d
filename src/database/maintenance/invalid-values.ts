import { batches } from './copy-tables.ts'
import { type Breach, shownAtMost } from '../invariant.ts'
import { primaryKeys, tableNames } from '../schema/primary-keys.ts'
import { type TableName, tables } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'

/** Finds values that are not what their column may hold: enumerations, times, flags, JSON, types. Reads all rows. */
export async function findInvalidValues(db: Db): Promise<Breach> {
  const ids: string[] = []
  for await (const id of invalidValues(db)) if (ids.push(id) > shownAtMost) break
  return { ids: ids.slice(0, shownAtMost), more: ids.length > shownAtMost }
}

async function* invalidValues(db: Db) {
  for (const table of tableNames)
    for await (const rows of batches(db, table)) for (const row of rows) yield* invalidIn(table, row)
}

function invalidIn(table: TableName, row: Readonly<Record<string, unknown>>): string[] {
  const { error } = tables[table].safeParse(row)
  const columns = new Set(error?.issues.map(({ path }) => String(path[0])))
  return [...columns].map((column) => `${table}.${column} of ${nameOf(table, row)}`)
}

const nameOf = (table: TableName, row: Readonly<Record<string, unknown>>) =>
  primaryKeys[table].map((column) => String(row[column]).replace('\0', '')).join('/')
