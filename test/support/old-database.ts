/** A database of an earlier version, with data in each of its tables. */
import { DatabaseSync } from 'node:sqlite'
import { migrateTo } from '../../src/database/migrations/migrate.ts'
import type { Connection, TableName } from '../../src/database/schema/tables.ts'
import { openSqlite } from '../../src/database/sqlite/engine.ts'
import { everyRow } from './every-row.ts'

const everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
const readOnly = '{"Statement":{"Effect":"Allow","Action":"chime:List*","Resource":"*"}}'

/** With the columns of all versions. Before migration 0011 each key had a policy of its own. */
const accessKeys = [
  {
    ...everyRow.access_keys,
    access_key_id: 'AKIAANNREADONLY00',
    principal_arn: 'arn:aws:iam::123456789012:user/ann',
    policy: readOnly,
  },
  {
    ...everyRow.access_keys,
    access_key_id: 'AKIAANNEVERYTHING',
    principal_arn: 'arn:aws:iam::123456789012:user/ann',
    policy: everything,
  },
  {
    ...everyRow.access_keys,
    access_key_id: 'AKIABOBREADONLY00',
    principal_arn: 'arn:aws:iam::123456789012:user/bob',
    policy: readOnly,
  },
]

/** @param last the name of the last migration that the version had */
export async function makeOldDatabase(file: string, last: string): Promise<void> {
  const { connection, database } = openSqlite(file)
  await migrateTo(connection, last)
  for (const { name, columns } of await connection.introspection.getTables())
    for (const row of rowsOf(name)) await insert(connection, name, pick(row, columns))
  await database.close()
  useWal(file)
}

function useWal(file: string) {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
}

const rowsOf = (table: string): object[] => (table === 'access_keys' ? accessKeys : [everyRow[table as TableName]])

const pick = (row: object, columns: readonly { name: string }[]) =>
  Object.fromEntries(Object.entries(row).filter(([column]) => columns.some(({ name }) => name === column)))

const insert = (connection: Connection, table: string, row: object) =>
  connection
    .insertInto(table as TableName)
    .values(row)
    .execute()
