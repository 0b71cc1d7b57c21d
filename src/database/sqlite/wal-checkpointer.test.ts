import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { folderOfTest } from '../../../test/support/folder.ts'
import { createWalCheckpointer } from './wal-checkpointer.ts'

/** Nothing here waits for the disk, and SQLite copies nothing by itself. */
function open() {
  const file = join(folderOfTest(), 'belfry.db')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0')
  database.exec('create table pages (content blob)')
  onTestFinished(() => database.close())
  return { file, database }
}

/** Pages in the log. */
const lengthOfLog = (database: DatabaseSync) => Number(database.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.['log'])

test('however fast somebody writes, the log begins anew again and again', async () => {
  const { file, database } = open()
  const checkpointer = createWalCheckpointer(file)
  const lengths: number[] = []
  for (let commit = 0; commit < 300; commit++) {
    // Eleven pages, noted as a hundred, so that it does not take long.
    database.exec('insert into pages values (zeroblob(40000))')
    lengths.push(lengthOfLog(database))
    await checkpointer.recordCommit(50)
    await nextTurn()
  }
  await checkpointer.stop()
  expect(Math.max(...lengths)).toBeLessThan(1000)
  expect(lengths.filter((length, index) => length < (lengths[index - 1] ?? 0)).length).toBeGreaterThan(3)
})

test('a thread that fails holds nobody up for ever', async () => {
  const checkpointer = createWalCheckpointer('/nowhere/belfry.db')
  for (let commit = 0; commit < 100; commit++) {
    await checkpointer.recordCommit(50)
    await nextTurn()
  }
  await checkpointer.stop()
})
