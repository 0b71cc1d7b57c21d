/** The file of a database is moved, deleted or replaced under a running server: no write is acknowledged that would be gone. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileOf } from '../../src/database/open.ts'
import { type TestBelfry, startBelfry } from '../support/belfry.ts'
import { folderOfTest } from '../support/folder.ts'
import { refused } from '../support/given.ts'

const unavailable = '503 ServiceUnavailableException ServiceUnavailable: The service is temporarily unavailable'

async function start() {
  const belfry = await startBelfry()
  const { chime } = await belfry.tenant()
  await chime.createAccount({ Name: 'before' })
  const write = () => chime.createAccount({ Name: 'x' })
  return { belfry, chime, write, file: fileOf(belfry.databaseUrl) ?? '' }
}

const readiness = async ({ url }: TestBelfry) => (await fetch(`${url}/ready`)).status
const becomes = (belfry: TestBelfry, status: number) =>
  expect.poll(() => readiness(belfry), { interval: 20, timeout: 30_000 }).toBe(status)
const linesAbout = ({ log }: TestBelfry, text: string) => log.filter((line) => line.includes(text))

const files = ['', '-wal', '-shm']
function move(from: string, to: string) {
  for (const suffix of files.filter((suffix) => existsSync(from + suffix))) renameSync(from + suffix, to + suffix)
}

test('a server whose files are moved refuses writes, says so once, and takes writes again when they are back', async () => {
  const { belfry, chime, write, file } = await start()
  const elsewhere = join(folderOfTest(), 'moved.db')
  move(file, elsewhere)
  await becomes(belfry, 503)
  expect(await refused(write())).toBe(unavailable)
  expect((await chime.listAccounts()).Accounts).toHaveLength(1)
  expect(existsSync(file)).toBe(false)
  move(elsewhere, file)
  await becomes(belfry, 200)
  await write()
  expect((await chime.listAccounts()).Accounts).toHaveLength(2)
  expect(linesAbout(belfry, 'the database file is not where it was')).toEqual([
    expect.stringMatching(/"level":50.*was moved or deleted while it was open/),
  ])
  expect(linesAbout(belfry, 'the database file is where it was')).toEqual([expect.stringContaining('"level":30')])
})

test('everything that was acknowledged is in a file that was moved without its WAL', async () => {
  const { belfry, write, file } = await start()
  await write()
  const moved = join(folderOfTest(), 'moved.db')
  renameSync(file, moved)
  await becomes(belfry, 503)
  const settings = { ...belfry.settings, DATABASE: `sqlite:${moved}` }
  const next = await startBelfry(settings)
  const accounts = await next.database.read((db) => db.selectFrom('accounts').select('name').execute())
  expect(accounts.map(({ name }) => name).toSorted()).toEqual(['before', 'x'])
  await next.close()
})

test.each<[string, (file: string) => void]>([
  ['is deleted', (file) => rmSync(file)],
  ['is replaced by a copy', (file) => (copyFileSync(file, `${file}.copy`), renameSync(`${file}.copy`, file))],
  ['loses its WAL', (file) => rmSync(`${file}-wal`)],
  ['is in a folder that is replaced', (file) => replaceFolder(join(file, '..'))],
])('a server whose file %s refuses writes', async (_, harm) => {
  const { belfry, write, file } = await start()
  harm(file)
  await becomes(belfry, 503)
  expect(await refused(write())).toBe(unavailable)
})

function replaceFolder(folder: string) {
  renameSync(folder, join(folderOfTest(), 'moved'))
  mkdirSync(folder)
}

test('a server takes no writes for a file that another program has changed while it was moved', async () => {
  const { belfry, write, file } = await start()
  move(file, `${file}.moved`)
  await becomes(belfry, 503)
  const later = new Date(Date.now() + 60_000)
  utimesSync(`${file}.moved`, later, later)
  move(`${file}.moved`, file)
  await expect
    .poll(() => belfry.database.write(async () => 1).catch((error: Error) => String(error.cause)), { timeout: 30_000 })
    .toMatch(/is back, but was changed/)
  expect(await readiness(belfry)).toBe(503)
  expect(await refused(write())).toBe(unavailable)
})
