/** Opens a database where nothing may be written: on a file system, or in a folder, that is read-only for this user. */
import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { DatabaseError } from '../database.ts'

/**
 * SQLite reads a WAL through the file `-shm` beside it, which it has to be able to make. If there is no log to be replayed and no
 * process that could write one, the file can be read by itself. Throws `DatabaseError`.
 */
export function openReadOnly(file: string, timeout: number): DatabaseSync {
  const log = [`${file}-wal`, `${file}-journal`].find(isFilled)
  if (log === undefined && !existsSync(`${file}-shm`)) return openAlone(file)
  const database = new DatabaseSync(file, { readOnly: true, timeout })
  try {
    database.exec('SELECT 1 FROM sqlite_master LIMIT 1')
    return database
  } catch (error) {
    database.close()
    if (!needsWriting(error)) throw error
    if (log === undefined) return openAlone(file)
    throw new DatabaseError(
      `has a log, ${log}, that must be replayed, and nothing may be written there; copy both to a place that can be written`,
      { cause: error },
    )
  }
}

const isFilled = (name: string) => existsSync(name) && statSync(name).size > 0

function openAlone(file: string) {
  const url = pathToFileURL(file)
  url.searchParams.set('immutable', '1')
  return new DatabaseSync(url, { readOnly: true })
}

/** READONLY and CANTOPEN, with their extended codes. */
const needsWriting = (error: unknown) => [8, 14].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff)
