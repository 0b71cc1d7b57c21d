import { accessSync, closeSync, constants, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder } from '../../primitives/make-folder.ts'
import { DatabaseError } from '../database.ts'

/** @param readOnly whether the file is only read, so that its place need not be writable */
export function prepareFile(file: string, readOnly: boolean) {
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

/** The file has a header from the moment it exists, and is readable by its owner only. */
function createFile(file: string) {
  const draft = `${file}.${process.pid}.new`
  try {
    closeSync(openSync(draft, 'w', 0o600))
    const database = new DatabaseSync(draft)
    database.exec('PRAGMA user_version = 1')
    database.close()
    if (!existsSync(file)) renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}
