/** One file that holds all there is: an SQLite database with the same tables, whichever engine it came from. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import { copyRows } from './copy-tables.ts'
import { tableNames } from '../schema/primary-keys.ts'
import { DatabaseError, reasonOf } from '../database.ts'
import { migrateLike } from '../migrations/migrate.ts'
import { type Opened, fileOf, openUnmigrated } from '../open.ts'
import { openSqlite } from '../sqlite/engine.ts'
import type { Connection, TableName } from '../schema/tables.ts'

/** A backup that cannot be made or used. The message goes on after "The backup <file>": "does not exist", say. */
export class BackupError extends Error {}

/**
 * Writes a snapshot of a database to a new file, readable by its owner alone, while servers go on with their work.
 * Throws `DatabaseError` or `BackupError`; then there is no such file.
 */
export async function backUp(url: string, file: string): Promise<void> {
  if (existsSync(file)) throw new BackupError('exists already; name a new file')
  const source = await openUnmigrated(url, true)
  const draft = draftOf(file)
  try {
    const tables = await listTables(source.connection)
    if (tables.length === 0) throw new BackupError('would be empty: the database holds no tables of Belfry')
    removeDraft(draft)
    closeSync(openSync(draft, 'w', 0o600))
    await (fileOf(url) === undefined ? copyToFile(source, draft, tables) : copyPages(source, draft))
    publish(draft, file)
  } catch (error) {
    throw explained(error)
  } finally {
    removeDraft(draft)
    await source.database.close()
  }
}

function explained(error: unknown) {
  if (error instanceof BackupError) return error
  const reason = error instanceof DatabaseError ? error.message : `could not be made: ${reasonOf(error)}`
  return new BackupError(reason, { cause: error })
}

/** In one transaction that reads, and that nobody who writes waits for. */
async function copyPages({ connection }: Opened, draft: string) {
  await sql`vacuum into ${draft}`.execute(connection)
}

async function copyToFile({ database, connection }: Opened, draft: string, tables: readonly TableName[]) {
  rmSync(draft)
  const target = openSqlite(draft)
  try {
    await migrateLike(target.connection, connection)
    await database.read((from) => target.database.write((to) => copyRows(from, to, tables)))
  } finally {
    await target.database.close()
  }
}

/** Of our tables those that a database has. */
export async function listTables(connection: Connection) {
  const names = new Set((await connection.introspection.getTables()).map(({ name }) => name))
  return tableNames.filter((name) => names.has(name))
}

/** Beside the file, so that it can be moved there in one step. */
export const draftOf = (file: string): string => `${file}.${process.pid}.new`

/** Puts a finished draft in its place, for good. */
export function publish(draft: string, file: string): void {
  // What could not be written back is still in the log.
  if (existsSync(`${draft}-wal`)) throw new BackupError('could not be made: its log was not written back')
  sync(draft)
  if (existsSync(file)) throw new BackupError('was made by somebody else meanwhile')
  renameSync(draft, file)
  sync(dirname(file))
}

function sync(path: string) {
  // Windows lets nobody open a folder.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function removeDraft(draft: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true })
}
