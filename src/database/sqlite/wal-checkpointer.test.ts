import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { folderOfTest } from '../../../test/support/folder.ts'
import { createWalCheckpointer } from './wal-checkpointer.ts'

/** A database that never waits for the disk and makes no checkpoints by itself. */
function open() {
  const file = join(folderOfTest(), 'belfry.db')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0')
  database.exec('create table pages (content blob)')
  onTestFinished(() => database.close())
  return { file, database }
}

/** Pages in the WAL. */
const lengthOfLog = (database: DatabaseSync) => Number(database.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.['log'])

test('the WAL is restarted again and again during continuous writes', async () => {
  const { file, database } = open()
  const checkpointer = createWalCheckpointer(file)
  const lengths: number[] = []
  for (let commit = 0; commit < 300; commit++) {
    // Eleven pages, recorded as 50 writes of about a hundred, so that the thresholds are reached sooner.
    database.exec('insert into pages values (zeroblob(40000))')
    lengths.push(lengthOfLog(database))
    await checkpointer.recordCommit(50)
    await nextTurn()
  }
  await checkpointer.stop()
  expect(Math.max(...lengths)).toBeLessThan(1000)
  expect(lengths.filter((length, index) => length < (lengths[index - 1] ?? 0)).length).toBeGreaterThan(3)
})

test('a checkpointer thread that fails does not block commits forever', async () => {
  const checkpointer = createWalCheckpointer('/nowhere/belfry.db')
  for (let commit = 0; commit < 100; commit++) {
    await checkpointer.recordCommit(50)
    await nextTurn()
  }
  await checkpointer.stop()
})
