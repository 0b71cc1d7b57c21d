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

/** A backup that cannot be made or used. The message continues "The backup <file>", for example "does not exist". */
export class BackupError extends Error {}

/** Writes a snapshot to a new file, while servers go on serving. Throws `DatabaseError` or `BackupError`; then there is no file. */
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
    throw toBackupError(error, 'could not be made')
  } finally {
    removeDraft(draft)
    await source.database.close()
  }
}

/** @param failure begins the message of an error that is not about the database, for example "could not be made" */
export function toBackupError(error: unknown, failure: string): BackupError {
  if (error instanceof BackupError) return error
  const reason = error instanceof DatabaseError ? error.message : `${failure}: ${reasonOf(error)}`
  return new BackupError(reason, { cause: error })
}

/** Runs in one read transaction, which no write waits for. */
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

export async function listTables(connection: Connection) {
  const names = new Set((await connection.introspection.getTables()).map(({ name }) => name))
  return tableNames.filter((name) => names.has(name))
}

export const draftOf = (file: string): string => `${file}.${process.pid}.new`

export function publish(draft: string, file: string): void {
  // SQLite removes the WAL when the last connection closes, unless it could not checkpoint all of it.
  if (existsSync(`${draft}-wal`)) throw new BackupError('could not be made: its log was not written back')
  sync(draft)
  if (existsSync(file)) throw new BackupError('was made by somebody else meanwhile')
  renameSync(draft, file)
  sync(dirname(file))
}

function sync(path: string) {
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
