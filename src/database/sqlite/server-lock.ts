/**
 * One server for each file. Node.js has no lock of files that ends with its process, however that ends; SQLite has, so
 * the server holds a transaction open on an empty database beside the file. Commands on the database do not ask for it.
 */
import { closeSync, openSync, realpathSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseError } from '../database.ts'
import { prepareFile } from './database-file.ts'

/** A server that was killed a moment ago may still be ending. */
const timeoutMs = 500

/** Returns the function that releases the lock. Throws `DatabaseError`. */
export function lockForServer(file: string): () => void {
  prepareFile(file, false)
  // The same for every name of the file. It is never removed: another server may be waiting for it.
  const path = `${realpathSync(file)}.lock`
  createOnce(path)
  const lock = openLock(path)
  return () => lock.close()
}

/** A file that exists must not be opened here: closing it would release the lock that this process may have on it. */
function createOnce(path: string) {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotLock(error)
  }
}

function openLock(path: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(path, { timeout: timeoutMs })
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    throw (error as { errcode?: number }).errcode === busy ? hasServer(error) : cannotLock(error)
  }
}

const busy = 5

const hasServer = (cause: unknown) =>
  new DatabaseError('already has a server; SQLite is for one, and several need PostgreSQL', { cause })

const cannotLock = (cause: unknown) => new DatabaseError(`cannot be locked: ${(cause as Error).message}`, { cause })
