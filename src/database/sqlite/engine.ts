import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { retryConflicts } from '../batching/retry.ts'
import { DatabaseError, type Engine } from '../database.ts'
import { connect } from './connection.ts'
import { prepareFile } from './database-file.ts'
import { classify, translate } from './errors.ts'
import { groupCommit } from './group-commit.ts'
import { groupRead } from './shared-snapshot.ts'
import { createCheckpoints } from './wal-checkpointer.ts'

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
  const counters = { commits: 0, writes: 0 }
  const checkpoints = createCheckpoints(file)
  const commit = groupCommit({ ...writer, committed: checkpoints.note }, counters)
  const read = groupRead(reader)
  return {
    connection: writer.db,
    onVerified: () => writing.exec('PRAGMA journal_mode = WAL'),
    database: {
      write: (work, touches) => retryConflicts(() => commit(work, touches), classify).catch(translate),
      counters,
      read: (work) => read(work).catch(translate),
      async close() {
        await checkpoints.stop()
        for (const database of [reading, writing]) if (database.isOpen) database.close()
      },
    },
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
