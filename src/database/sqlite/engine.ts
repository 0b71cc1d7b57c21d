import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { retryConflicts } from '../batching/retry.ts'
import { DatabaseError, type Engine } from '../database.ts'
import { isReadable } from '../is-readable.ts'
import { connect } from './connection.ts'
import { assertNotBare, isWritable, prepareFile } from './database-file.ts'
import { classify, translate, unavailableBecause } from './errors.ts'
import { groupCommit } from './group-commit.ts'
import { openReadOnly } from './read-only.ts'
import { oneByOneRead, sharedSnapshotRead } from './shared-snapshot.ts'
import { assertOwnWal, ensureNumber } from './stale-wal.ts'
import { createUpkeep } from './upkeep.ts'
import { createWalCheckpointer } from './wal-checkpointer.ts'

/** How long a statement waits for a lock that another process holds; it blocks the event loop. */
const lockTimeoutMs = 500

/** Per connection, allocated as needed. Not more: SQLite walks the whole cache whenever a commit splits a page. */
const cacheKiB = 16 * 1024

/** Of a WAL that is longer, a commit copies the pages into the database itself before it returns. */
const walAutocheckpointPages = 12_000
/** The size in bytes to which the file of a WAL that grew larger is truncated when it is reset. */
const walSizeLimit = 32 * 2 ** 20

/** @param unchanged whether nothing is to be changed: then the file may be in a place where nothing can be written */
export function openSqlite(file: string, unchanged = false): Engine {
  const readOnly = unchanged && !isWritable(file)
  prepareFile(file, readOnly)
  if (!readOnly) assertOwnWal(file)
  const [writing, reading, scanning] = [open(file, readOnly), open(file, readOnly), open(file, readOnly)]
  const [writer, reader] = [connect(writing), connect(reading)]
  const counters = { commits: 0, writes: 0 }
  const checkpointer = createWalCheckpointer(file)
  const upkeep = createUpkeep({ file, counters, checkpointer, checkpoint: () => checkpoint(writing) })
  const commit = groupCommit({ ...writer, onCommit: checkpointer.recordCommit }, counters)
  const read = sharedSnapshotRead(reader)
  const scan = oneByOneRead(connect(scanning))
  return {
    connection: writer.db,
    assertComplete: () => assertNotBare(writing, file),
    onMigrated() {
      ensureNumber(writing)
      // Only now: the tables of a new file must be in the file itself, see `assertNotBare`.
      writing.exec('PRAGMA journal_mode = WAL')
      // A connection opens the WAL at its first read, by its path, where it need not be any more by then.
      for (const database of [reading, scanning]) database.exec('select 1 from sqlite_schema limit 1')
    },
    database: {
      write: (body, conflictKeys) =>
        upkeep.fault
          ? Promise.reject(unavailableBecause(upkeep.fault))
          : retryConflicts(() => commit(body, conflictKeys), classify).catch(translate),
      counters,
      read: (body) => read(body).catch(translate),
      scan: (body) => scan(body).catch(translate),
      isReadable: async () => !upkeep.fault && isReadable(read),
      startUpkeep: upkeep.start,
      async close() {
        await checkpointer.stop()
        upkeep.stop()
        for (const database of [scanning, reading, writing]) if (database.isOpen) database.close()
      },
    },
  }
}

/** An optimisation: what cannot be copied now stays in the WAL. */
function checkpoint(database: DatabaseSync) {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {}
}

function open(file: string, readOnly: boolean) {
  try {
    const database = readOnly ? openReadOnly(file, lockTimeoutMs) : new DatabaseSync(file, { timeout: lockTimeoutMs })
    database.exec(
      `PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${walAutocheckpointPages}; PRAGMA journal_size_limit = ${walSizeLimit}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${cacheKiB}`,
    )
    return database
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    const reason = isFull(file) ? 'the disk is full' : (error as Error).message
    throw new DatabaseError(`cannot be opened: ${reason}`, { cause: error })
  }
}

const isFull = (file: string) => statfsSync(dirname(file)).bavail === 0
