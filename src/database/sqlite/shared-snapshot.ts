import type { Database } from '../database.ts'
import { type Unit, gather } from '../batching/batcher.ts'
import type { Db } from '../transaction.ts'

/** The connection that reads, and what begins and ends its snapshot. */
export interface Reader {
  db: Db
  execute(command: 'begin' | 'commit'): void
}

/** Readers that arrive together share one snapshot, of what is committed when their turn comes. */
export const groupRead = (reader: Reader): Database['read'] => gather(1, Infinity, (group) => readAll(reader, group))

async function readAll({ db, execute }: Reader, group: Unit[]) {
  try {
    execute('begin')
    try {
      await Promise.all(group.map((unit) => readOne(unit, db)))
    } finally {
      execute('commit')
    }
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

async function readOne({ work, resolve, reject }: Unit, db: Db) {
  try {
    resolve(await work(db))
  } catch (error) {
    reject(error)
  }
}
