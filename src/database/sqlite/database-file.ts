import { accessSync, closeSync, constants, existsSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder } from '../../primitives/make-folder.ts'
import { DatabaseError } from '../database.ts'

/** @param readOnly whether the file is only read, so that its place need not be writable */
export function prepareFile(file: string, readOnly: boolean): void {
  if (file === '' || file.startsWith(':') || file.startsWith('file:')) throw new DatabaseError('names no file')
  if (!existsSync(file)) assertNoStaleWal(file)
  try {
    makeFolder(dirname(file))
    if (!existsSync(file)) createFile(file)
  } catch (error) {
    throw new DatabaseError(`cannot be made: ${(error as Error).message}`)
  }
  // SQLite takes an empty file for a new database; here it means that data was lost.
  if (statSync(file).size === 0) throw new DatabaseError('is an empty file; remove it to start afresh')
  if (!readOnly) assertWritable(file)
}

/** SQLite would apply the WAL of a lost database to a new one, and damage it. Throws `DatabaseError`. */
export function assertNoStaleWal(file: string): void {
  const log = [`${file}-wal`, `${file}-journal`].find((name) => existsSync(name))
  if (log !== undefined) throw new DatabaseError(`is gone, but its log ${log} is still there; move that away as well`)
}

export function isWritable(file: string): boolean {
  try {
    assertWritable(file)
    return true
  } catch {
    return false
  }
}

/** SQLite opens read-only files without an error, and it must be able to create the WAL beside the file. */
function assertWritable(file: string) {
  for (const path of [dirname(file), file])
    try {
      accessSync(path, constants.W_OK)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      throw new DatabaseError(`cannot be written: ${path} is read-only for this user (${code})`, { cause: error })
    }
}

/**
 * The `user_version` of a file that may be without tables; later it is the number of `ensureNumber`. The tables come with the first
 * transaction, which is made before the file has a WAL, so they are in the file itself once they are anywhere: without them it
 * never had any, and is what remains of a start that was killed. Any other file without tables had them in a WAL that is gone.
 */
const mayBeBare = 2

/** Throws `DatabaseError` for a file that lost its tables. */
export function assertNotBare(database: DatabaseSync, file: string): void {
  // In this order, because another process may be creating the tables.
  const tables = database.prepare('select count(*) as found from sqlite_schema').get()
  if (tables?.['found'] !== 0 || database.prepare('PRAGMA user_version').get()?.['user_version'] === mayBeBare) return
  throw new DatabaseError(
    `holds no tables, though it is not new: it was copied or moved without its log ${file}-wal; put that beside it or restore a backup, or remove the file to start afresh`,
  )
}

/** The file has a header from the moment it exists, and is readable by its owner only. */
function createFile(file: string) {
  const draft = `${file}.${randomBytes(4).toString('hex')}.new`
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    const database = new DatabaseSync(draft)
    database.exec(`PRAGMA user_version = ${mayBeBare}`)
    database.close()
    publish(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Never replaces a file that another process has created meanwhile. */
function publish(draft: string, file: string) {
  try {
    linkSync(draft, file)
  } catch {
    // It exists, or the file system has no hard links.
    if (!existsSync(file)) renameSync(draft, file)
  }
}
