import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  statfsSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { serviceUnavailable } from '../../contract/errors.ts'
import { createCheckpoints } from './wal-checkpointer.ts'
import { DatabaseError, type Engine } from '../database.ts'
import { groupCommit } from './group-commit.ts'
import { groupRead } from './shared-snapshot.ts'
import { retryConflicts } from '../batching/retry.ts'
import { connect } from './connection.ts'

/** How long a statement waits for a lock that another process holds; it blocks the event loop. */
const lockTimeoutMs = 500

/** Of each connection, taken only as it is needed. No more: SQLite goes through all of it whenever a commit splits a page. */
const cacheKiB = 16 * 1024

/** Of the log: where it is longer all the same, a commit copies it into the database before it is done. */
const logPages = 12_000
/** What its file is cut back to, in bytes, when it begins anew after it has been longer. */
const logFileSize = 32 * 2 ** 20

/** One connection writes, another reads: with WAL neither waits for the other. */
export function openSqlite(file: string): Engine {
  prepareFile(file)
  const [writing, reading] = [open(file), open(file)]
  const [writer, reader] = [connect(writing), connect(reading)]
  const tally = { commits: 0, writes: 0 }
  const checkpoints = createCheckpoints(file)
  const commit = groupCommit({ ...writer, committed: checkpoints.note }, tally)
  const read = groupRead(reader)
  return {
    connection: writer.db,
    adopt: () => writing.exec('PRAGMA journal_mode = WAL'),
    database: {
      write: (work, touches) => retryConflicts(() => commit(work, touches), classify).catch(translate),
      tally,
      read: (work) => read(work).catch(translate),
      async close() {
        await checkpoints.stop()
        for (const database of [reading, writing]) if (database.isOpen) database.close()
      },
    },
  }
}

function prepareFile(file: string) {
  if (file === '' || file.startsWith(':') || file.startsWith('file:')) throw new DatabaseError('names no file')
  if (!existsSync(file)) assertNoLog(file)
  try {
    mkdirSync(dirname(file), { recursive: true })
    if (!existsSync(file)) makeFile(file)
  } catch (error) {
    throw new DatabaseError(`cannot be made: ${(error as Error).message}`)
  }
  // SQLite would take an empty file for a new database; here it means that data was lost.
  if (statSync(file).size === 0) throw new DatabaseError('is an empty file; remove it to start afresh')
  assertWritable(file)
}

/** The log that a lost database left behind would be taken for that of a new one, and damage it. Throws `DatabaseError`. */
export function assertNoLog(file: string): void {
  const log = [`${file}-wal`, `${file}-journal`].find((name) => existsSync(name))
  if (log !== undefined) throw new DatabaseError(`is gone, but its log ${log} is still there; move that away as well`)
}

/** SQLite would open a file that cannot be written all the same, and its log has to be made beside it. */
function assertWritable(file: string) {
  for (const path of [dirname(file), file])
    try {
      accessSync(path, constants.W_OK)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      throw new DatabaseError(`cannot be written: ${path} is read-only for this user (${code})`, { cause: error })
    }
}

/** A new database is a file with a header from the first moment on, readable by its owner alone. */
function makeFile(file: string) {
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

function open(file: string) {
  try {
    const database = new DatabaseSync(file, { timeout: lockTimeoutMs })
    database.exec(
      `PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${logPages}; PRAGMA journal_size_limit = ${logFileSize}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${cacheKiB}`,
    )
    return database
  } catch (error) {
    const reason = isFull(file) ? 'the disk is full' : (error as Error).message
    throw new DatabaseError(`cannot be opened: ${reason}`, { cause: error })
  }
}

/** SQLite calls it an error of the disk where there is no room left for its log. */
const isFull = (file: string) => statfsSync(dirname(file)).bavail === 0

/** Writers wait for each other, so only a unique index can object: to a random PIN that is taken, say. */
const classify = (error: unknown) => (uniqueViolations.has(codeOf(error)) ? 'unique' : undefined)
const uniqueViolations = new Set([1555, 2067])
const codeOf = (error: unknown) => (error as { errcode?: number }).errcode ?? 0

/** Primary result codes that say "not now" or "not this disk", rather than "wrong SQL". */
const unavailable = new Set([
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  26, // NOTADB
])

/** It is closed already: a request has outlived the patience of a server that is ending. */
const isClosed = (error: unknown) => (error as { code?: string }).code === 'ERR_INVALID_STATE'

function translate(error: unknown): never {
  if (unavailable.has(codeOf(error) & 0xff) || isClosed(error))
    throw Object.assign(serviceUnavailable(), { cause: error })
  throw error
}
