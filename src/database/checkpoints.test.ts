import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Checkpoints, createCheckpoints } from './checkpoints.ts'

/** Nothing here waits for the disk, and SQLite copies nothing by itself. */
function open() {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-checkpoints-'))
  const file = join(folder, 'belfry.db')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0')
  database.exec('create table pages (content blob)')
  onTestFinished(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  return { file, database }
}

/** Tells the thread of each commit until it wants to be waited for. */
async function writeUntilHeldUp(checkpoints: Checkpoints, write: () => void): Promise<void> {
  for (;;) {
    write()
    const held = checkpoints.note(50)
    if (held) return held
    await nextTurn()
  }
}

/** Fewer pages than fifty writes are taken for, so that it does not take long. */
const writePages = (database: DatabaseSync) => database.exec('insert into pages values (zeroblob(40000))')

/** Pages in the log, and how many of them are in the database as well. */
const lookAtLog = (database: DatabaseSync) => database.prepare('PRAGMA wal_checkpoint(NOOP)').get()

test('while writers are held up the rest of the log is copied, and then it begins anew', async () => {
  const { file, database } = open()
  const checkpoints = createCheckpoints(file)
  for (let round = 0; round < 3; round++) {
    await writeUntilHeldUp(checkpoints, () => writePages(database))
    const { log, checkpointed } = lookAtLog(database) ?? {}
    expect(log).toBeGreaterThan(400)
    expect(checkpointed).toBe(log)
    database.exec('insert into pages values (null)')
    expect(lookAtLog(database)).toMatchObject({ log: 1 })
  }
  await checkpoints.stop()
})

test('a thread that fails holds nobody up for ever', async () => {
  const checkpoints = createCheckpoints('/nowhere/belfry.db')
  for (let round = 0; round < 2; round++) await writeUntilHeldUp(checkpoints, () => {})
  await checkpoints.stop()
})
