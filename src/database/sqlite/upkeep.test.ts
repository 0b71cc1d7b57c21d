import { copyFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { claim } from '../../../test/support/domain-claims.ts'
import { folderOfTest } from '../../../test/support/folder.ts'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'

let file: string

beforeEach(() => {
  file = join(folderOfTest(), 'belfry.db')
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
})

async function open(path = file): Promise<Database> {
  const database = await openDatabase(`sqlite:${path}`)
  onTestFinished(() => database.close())
  return database
}

const startUpkeep = (database: Database) => database.startUpkeep({ onLost() {}, onRecovered() {} })

/** The thread of the checkpoints may take a while to start. */
const patiently = { timeout: 30_000 }

const walSize = () => statSync(`${file}-wal`).size

/** What is in a copy of the file that was made without its WAL. */
async function domainsOfCopy() {
  const copy = `${file}.copy`
  copyFileSync(file, copy)
  const database = await open(copy)
  const rows = await database.read((db) => db.selectFrom('account_domains').select('domain').execute())
  await database.close()
  return rows.map(({ domain }) => domain)
}

test('everything that a start wrote is in the file itself', async () => {
  const database = await open()
  await database.write(claim('a'))
  expect(walSize()).toBeGreaterThan(0)
  startUpkeep(database)
  expect(walSize()).toBe(0)
  expect(await domainsOfCopy()).toEqual(['a'])
})

test('when a server is idle, everything is copied into the file and the WAL is emptied', async () => {
  const database = await open()
  startUpkeep(database)
  await database.write(claim('a'))
  vi.advanceTimersByTime(5_000)
  await database.write(claim('b'))
  vi.advanceTimersByTime(11_000)
  await expect.poll(walSize, patiently).toBe(0)
  expect(await domainsOfCopy()).toEqual(['a', 'b'])
})

test('the WAL of a file that is opened through a symbolic link is copied as well', async () => {
  await (await open()).close()
  const link = `${file}.link`
  symlinkSync(file, link)
  const database = await open(link)
  startUpkeep(database)
  await database.write(claim('a'))
  vi.advanceTimersByTime(11_000)
  await expect.poll(walSize, patiently).toBe(0)
})

test('what another process wrote is copied as well', async () => {
  const database = await open()
  startUpkeep(database)
  const other = await open()
  await other.write(claim('a'))
  await other.close()
  expect(walSize()).toBeGreaterThan(0)
  vi.advanceTimersByTime(11_000)
  await expect.poll(walSize, patiently).toBe(0)
})

test('a server that is never idle copies everything once a minute', async () => {
  const database = await open()
  startUpkeep(database)
  for (let second = 0; second < 62; second++) {
    await database.write(claim(String(second)))
    vi.advanceTimersByTime(1_000)
  }
  await expect.poll(async () => (await domainsOfCopy()).length, patiently).toBeGreaterThan(50)
})

test('the WAL is in the file after a server has ended, though another process holds it open', async () => {
  const database = await open()
  startUpkeep(database)
  const other = await open()
  await database.write(claim('a'))
  await database.close()
  expect(walSize()).toBe(0)
  await other.close()
})
