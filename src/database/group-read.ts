import type { Database } from './database.ts'
import { type Unit, gather } from './gather.ts'
import type { Db } from './tables.ts'

/** The connection that reads, and what begins and ends its snapshot. */
export interface Reader {
  db: Db
  execute(command: 'begin' | 'commit'): void
}

/** Readers that arrive together share one snapshot, of what is committed when their turn comes. */
export const groupRead = (reader: Reader): Database['read'] => gather(Infinity, (group) => readAll(reader, group))

async function readAll({ db, execute }: Reader, group: Unit[]) {
  try {
    execute('begin')
    try {
      for (const { work, resolve, reject } of group) await work(db).then(resolve, reject)
    } finally {
      execute('commit')
    }
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}
