import type { ControlledTransaction } from 'kysely'
import type { Tally } from './database.ts'
import type { Connection, Db, Tables } from './tables.ts'

interface Unit {
  work: (db: Db) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}
type Settle = () => void

/**
 * Writers that arrive together share one commit, and so one wait for the disk. Each runs in its own
 * savepoint: one that fails undoes itself alone. Nobody is answered, not even with a refusal (it may rest
 * on what a neighbour wrote), before the commit they share is on disk.
 */
export function groupCommit(connection: Connection, tally: Tally) {
  let waiting: Unit[] = []
  let running = false

  async function run() {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await commit(connection, group, tally)
    }
    running = false
  }

  return <Result>(work: (db: Db) => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve: resolve as Unit['resolve'], reject })
      if (!running) setImmediate(() => void run())
      running = true
    })
}

async function commit(connection: Connection, group: Unit[], tally: Tally) {
  try {
    const transaction = await connection.startTransaction().execute()
    const settled = await runAll(transaction, group)
    tally.commits++
    tally.writes += group.length
    for (const settle of settled) settle()
  } catch (error) {
    for (const unit of group) unit.reject(error)
  }
}

async function runAll(transaction: ControlledTransaction<Tables>, group: Unit[]) {
  try {
    const settled: Settle[] = []
    for (const unit of group) settled.push(await runOne(transaction, unit))
    await transaction.commit().execute()
    return settled
  } catch (error) {
    await transaction
      .rollback()
      .execute()
      .catch(() => {})
    throw error
  }
}

async function runOne(transaction: ControlledTransaction<Tables>, { work, resolve, reject }: Unit): Promise<Settle> {
  const savepoint = await transaction.savepoint('unit').execute()
  try {
    const value = await work(savepoint)
    await savepoint.releaseSavepoint('unit').execute()
    return () => resolve(value)
  } catch (error) {
    await undo(savepoint, error)
    return () => reject(error)
  }
}

/** After a full disk or a failed read SQLite has already rolled all back; then the first error is the one to tell. */
async function undo(savepoint: ControlledTransaction<Tables, ['unit']>, error: unknown) {
  try {
    await savepoint.rollbackToSavepoint('unit').execute()
  } catch {
    throw error
  }
}
