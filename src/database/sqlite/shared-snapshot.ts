import { setImmediate as nextTurn } from 'node:timers/promises'
import { type PendingTransaction, createBatcher } from '../batching/batcher.ts'
import type { Database } from '../database.ts'
import type { Db } from '../transaction.ts'

export interface Reader {
  db: Db
  execute(command: 'begin' | 'commit'): void
}

export const sharedSnapshotRead = (reader: Reader): Database['read'] =>
  createBatcher({ concurrency: 1, maxBatchSize: Infinity, run: (batch) => readBatch(reader, batch) })

/** Between two reads the event loop goes round once, however many wait. */
export const oneByOneRead = (reader: Reader): Database['scan'] =>
  createBatcher({
    concurrency: 1,
    maxBatchSize: 1,
    async run(batch) {
      await readBatch(reader, batch)
      await nextTurn()
    },
  })

async function readBatch({ db, execute }: Reader, batch: PendingTransaction[]) {
  try {
    execute('begin')
    try {
      await Promise.all(batch.map((transaction) => readOne(transaction, db)))
    } finally {
      execute('commit')
    }
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}

async function readOne({ body, resolve, reject }: PendingTransaction, db: Db) {
  try {
    resolve(await body(db))
  } catch (error) {
    reject(error)
  }
}
