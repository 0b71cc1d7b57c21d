import { copyFileSync, chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { BackupError, draftOf, listTables, publish, removeDraft, toBackupError } from './backup.ts'
import { copyRows, findFilled } from './copy-tables.ts'
import { tableNames } from '../schema/primary-keys.ts'
import { type Database, DatabaseError } from '../database.ts'
import { makeFolder } from '../../primitives/make-folder.ts'
import { findDamage } from '../sqlite/integrity-check.ts'
import { type Opened, fileOf, openUnmigrated, openMigrated } from '../open.ts'
import { assertNoStaleWal } from '../sqlite/database-file.ts'

/** Throws `BackupError` if the data of a backup is not valid. */
type Inspect = (database: Database) => Promise<void>

/** Restores a backup into an empty or new database, wholly or not at all. Throws `BackupError` or `DatabaseError`. */
export async function restore(file: string, url: string, inspect: Inspect): Promise<void> {
  const target = fileOf(url)
  await (target === undefined ? restoreRows(file, url, inspect) : restoreFile(file, target, inspect))
}

async function restoreFile(file: string, target: string, inspect: Inspect) {
  assertNothingAt(target)
  const draft = draftOf(target)
  try {
    makeFolder(dirname(target))
    removeDraft(draft)
    const { database } = await openCopy(file, draft, inspect)
    await database.close()
    publish(draft, target)
  } catch (error) {
    throw toRestoreError(error)
  } finally {
    removeDraft(draft)
  }
}

function assertNothingAt(target: string) {
  if (existsSync(target)) throw new DatabaseError('exists already; a backup is restored where there is none')
  assertNoStaleWal(target)
}

async function restoreRows(file: string, url: string, inspect: Inspect) {
  await assertEmpty(url)
  const folder = mkdtempSync(join(tmpdir(), 'belfry-restore-'))
  try {
    const source = await openCopy(file, join(folder, 'backup.db'), inspect)
    try {
      await load(source.database, url)
    } finally {
      await source.database.close()
    }
  } catch (error) {
    throw toRestoreError(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function assertEmpty(url: string) {
  const { database, connection } = await openUnmigrated(url, true)
  try {
    const tables = await listTables(connection)
    assertNoneFilled(await database.read((db) => findFilled(db, tables)))
  } finally {
    await database.close()
  }
}

function assertNoneFilled(table: string | undefined) {
  if (table !== undefined)
    throw new DatabaseError(
      `is not empty: there are ${table.replaceAll('_', ' ')}; a backup is restored where there is nothing`,
    )
}

async function load(source: Database, url: string) {
  const { database } = await openMigrated(url, true)
  try {
    await source.read((from) =>
      database.write(async (to) => {
        assertNoneFilled(await findFilled(to, tableNames))
        await copyRows(from, to)
      }),
    )
  } finally {
    await database.close()
  }
}

async function openCopy(file: string, copy: string, inspect: Inspect): Promise<Opened> {
  copyFile(file, copy)
  try {
    await assertWhole(copy)
    const opened = await openMigrated(`sqlite:${copy}`)
    await inspect(opened.database).catch(async (error: unknown) => {
      await opened.database.close()
      throw error
    })
    return opened
  } catch (error) {
    throw error instanceof DatabaseError ? toBackupError(error, '') : error
  }
}

function copyFile(file: string, copy: string) {
  if (!existsSync(file)) throw new BackupError('does not exist')
  if (statSync(file).size === 0) throw new BackupError('is an empty file')
  if (existsSync(`${file}-wal`)) throw new BackupError('is a database in use: part of it is in the log beside it')
  copyFileSync(file, copy)
  chmodSync(copy, 0o600)
}

async function assertWhole(copy: string) {
  const { database, connection } = await openUnmigrated(`sqlite:${copy}`)
  try {
    if ((await listTables(connection)).length === 0) throw new BackupError('holds no tables of Belfry')
    const [damage] = await findDamage(database)
    if (damage !== undefined) throw new BackupError(`is damaged: ${damage}`)
  } finally {
    await database.close()
  }
}

const toRestoreError = (error: unknown) =>
  error instanceof DatabaseError ? error : toBackupError(error, 'could not be restored')
