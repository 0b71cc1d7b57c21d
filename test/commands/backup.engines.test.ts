/** `belfry backup` and `belfry restore`: a backup of either engine is restored on either engine, completely or not at all. */
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql as query } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { addToStock } from '../../src/domains/stock/store.ts'
import { undoPrincipalsMigration } from '../support/undo-principals-migration.ts'
import { isSqlite, newDatabase } from '../support/belfry.ts'
import { everyRow, insertEveryRow, readEveryRow } from '../support/every-row.ts'
import { createFullDisk, requireDisk } from '../support/faulty-disk.ts'
import { readJournal } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry } from '../support/process.ts'
import { administratorOf, serve } from '../support/server-process.ts'
import { createCallRecorder } from '../support/call-recorder.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = folderOfTest()
  file = join(folder, 'belfry.backup')
})

const run = (command: string, url: string, from = file) => runBelfry([command, from, '--database', url])

async function succeed(command: string, url: string) {
  const { code, stdout, stderr } = await run(command, url)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('The sealing key is not in it')
}

async function fill(url: string) {
  const database = await openDatabase(url)
  await database.write(async (db) => {
    await insertEveryRow(db)
    const row = everyRow.stock
    await addToStock(
      db,
      Array.from({ length: 2500 }, (_, index) => ({ ...row, phone_number: `+1206${5_560_000 + index}` })),
    )
  })
  const rows = await database.read(readEveryRow)
  await database.close()
  return rows
}

async function readAll(url: string) {
  const database = await openDatabase(url)
  const rows = await database.read(readEveryRow)
  await database.close()
  return rows
}

test('a restore on either engine brings back every row of every table', async () => {
  const url = await newDatabase()
  const rows = await fill(url)
  expect(Object.values(rows).filter(({ length }) => length === 0)).toEqual([])
  await succeed('backup', url)
  expect([statSync(file).mode & 0o777, readdirSync(folder)]).toEqual([0o600, ['belfry.backup']])
  const before = readFileSync(file)
  for (const place of [await newDatabase(), `sqlite:${join(folder, 'deep/belfry.db')}`]) {
    await succeed('restore', place)
    expect(await readAll(place)).toEqual(rows)
  }
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a backup under load holds every write acknowledged before it, and no partial one', async () => {
  const url = await newDatabase()
  const server = await serve(url)
  const recorder = createCallRecorder()
  const tenant = administratorOf(server.url)
  const workload = await prepareWorkload(recorder, server.url, tenant)
  const stop = new AbortController()
  const work = Array.from({ length: 8 }, () => runClient(tenant.chime, workload, () => stop.signal.aborted))
  await expect.poll(() => recorder.calls.length, { interval: 10, timeout: 30_000 }).toBeGreaterThan(200)
  const answered = recorder.calls.filter(({ name, outcome }) => outcome === 'done' && !name.startsWith('Get'))
  await succeed('backup', url)
  stop.abort()
  await Promise.all(work)
  await server.end('SIGTERM')
  const place = await newDatabase()
  // The restore would fail if the backup violated an invariant.
  await succeed('restore', place)
  const next = await serve(place)
  const journal = new Set((await readJournal(next.url, administratorOf(next.url))).map(({ requestId }) => requestId))
  expect(answered.length).toBeGreaterThan(50)
  expect(answered.filter(({ requestId }) => !journal.has(requestId ?? ''))).toEqual([])
  expect(await next.end('SIGTERM')).toBe(0)
})

async function refuse(command: string, url: string, sentence: RegExp, from = file) {
  const { code, stdout, stderr } = await run(command, url, from)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^belfry: The [^\n]+\.\n$/)
  expect(stderr).toMatch(sentence)
}

test('a backup never overwrites a file, and a restore never overwrites a database', async () => {
  const url = await newDatabase()
  const rows = await fill(url)
  await succeed('backup', url)
  await refuse('backup', url, /^belfry: The backup \S+ exists already; name a new file\.\n$/)
  const sentence = isSqlite(url)
    ? /exists already; a backup is restored where there is none\.\n$/
    : /is not empty: there are accounts; a backup is restored where there is nothing\.\n$/
  await refuse('restore', url, sentence)
  expect(await readAll(url)).toEqual(rows)
})

test('a database without tables of Belfry cannot be backed up', async () => {
  const url = await newDatabase()
  if (isSqlite(url)) emptied(url.slice('sqlite:'.length))
  await refuse('backup', url, /would be empty: the database holds no tables of Belfry\.\n$/)
  expect(readdirSync(folder)).toEqual([])
})

test('a backup is not restored over a database that holds only an administrator', async () => {
  const url = await newDatabase()
  await fill(url)
  await succeed('backup', url)
  const place = await newDatabase()
  await (await serve(place)).end('SIGTERM')
  await refuse('restore', place, /exists already|is not empty: there are principals/)
})

const damages: readonly [string, (file: string) => void, RegExp][] = [
  ['does not exist', (file) => rmSync(file), /^belfry: The backup \S+ does not exist\.\n$/],
  ['is empty', (file) => writeFileSync(file, ''), /is an empty file\.\n$/],
  [
    'is another kind of file',
    (file) => writeFileSync(file, 'x'.repeat(8192)),
    /cannot be opened: file is not a database\.\n$/,
  ],
  ['is truncated', (file) => writeFileSync(file, readFileSync(file).subarray(0, 40_960)), /damaged|malformed/],
  ['is damaged', overwriteTable, /is damaged: /],
  ["is another program's", (file) => sql(file, 'drop table kysely_migration'), /holds tables of another program/],
  ['is from a newer version', addMigration, /was made by a newer version of Belfry \(it has 9999-future\)/],
  [
    'violates an invariant',
    (file) => sql(file, 'delete from phone_numbers'),
    /is not sound: "a number that is held is in the inventory, and usable" does not hold \(Broken by \+12065550100\)\.\n$/,
  ],
  [
    'has a value that its column may not hold',
    (file) => sql(file, "update journal set request_parameters = '{'"),
    /is not sound: "every value is one that its column may hold" does not hold \(Broken by journal\.request_parameters of 123456789012\/\S+\)\.\n$/,
  ],
  ['has no tables of Belfry', (file) => emptied(file), /holds no tables of Belfry\.\n$/],
]

test('an invalid backup is not restored and leaves no files behind', async () => {
  const url = await newDatabase()
  await fill(url)
  await succeed('backup', url)
  const place = await newDatabase()
  for (const [what, damage, sentence] of damages) {
    const copy = join(folder, 'copy')
    copyFileSync(file, copy)
    damage(copy)
    await refuse('restore', place, sentence, copy)
    const left = isSqlite(place) ? readdirSync(join(place.slice('sqlite:'.length), '..')) : []
    expect(left, what).toEqual([])
  }
  writeFileSync(`${file}-wal`, 'x')
  await refuse('restore', place, /is a database in use: part of it is in the log beside it\.\n$/)
  rmSync(`${file}-wal`)
  await succeed('restore', place)
})

/** Overwrites the first page of a table, which the schema does not need. */
function overwriteTable(file: string) {
  const database = new DatabaseSync(file)
  const found = database.prepare("select rootpage from sqlite_schema where name = 'users'").get()
  database.close()
  const bytes = readFileSync(file)
  const end = Number(found?.['rootpage']) * 4096
  writeFileSync(file, bytes.fill(0xa5, end - 4096, end))
}

function addMigration(file: string) {
  sql(file, "insert into kysely_migration values ('9999-future', '2030-01-01T00:00:00.000Z')")
}

function emptied(file: string) {
  rmSync(file, { force: true })
  sql(file, 'pragma user_version = 1')
}

function sql(file: string, text: string) {
  const database = new DatabaseSync(file)
  database.exec(text)
  database.close()
}

test('a database with an old schema is backed up unchanged, and migrated when it is restored', async () => {
  const url = await newDatabase()
  await fill(url)
  const database = await openDatabase(url)
  await database.write(async (db) => {
    await db.deleteFrom('invitation_mails').execute()
  })
  await database.close()
  await undoMigrations(url)
  await succeed('backup', url)
  const place = `sqlite:${join(folder, 'belfry.db')}`
  await succeed('restore', place)
  const rows = await readAll(place)
  expect([rows['invitation_mails'], rows['assignments']?.length]).toEqual([[], 1])
  expect(existsSync(join(folder, 'belfry.db-wal'))).toBe(false)
})

/** Undoes the migrations 0009 to 0011. */
async function undoMigrations(url: string) {
  const database = await openDatabase(url)
  await database.write(async (db) => {
    await undoPrincipalsMigration(db)
    await query`drop table invitation_mails`.execute(db)
    await query`drop index one_holder_per_number`.execute(db)
    await query`drop index one_number_per_user`.execute(db)
    await query`create index assignments_by_user on assignments (user_id)`.execute(db)
    await query`create index one_holder_per_number on assignments (phone_number)`.execute(db)
    await query`create index one_number_per_user on assignments (user_id, phone_number)`.execute(db)
    if (!isSqlite(url))
      await query`alter table assignments rename constraint assignments_by_id to assignments_pk`.execute(db)
    await query`delete from kysely_migration where name >= '0009'`.execute(db)
  })
  await database.close()
}

test('a backup or restore that fails while writing leaves no partial file behind', async ({ skip }) => {
  const url = await newDatabase()
  await fill(url)
  await refuse('backup', url, /could not be made: /, join(folder, 'nowhere/belfry.backup'))
  expect(readdirSync(folder)).toEqual([])
  const disk = requireDisk(createFullDisk, skip)
  disk.fail()
  await refuse('backup', url, / made: database or disk is full\.\n$/, join(disk.folder, 'belfry.backup'))
  expect(readdirSync(disk.folder)).toEqual(['ballast'])
  await succeed('backup', url)
  await refuse(
    'restore',
    `sqlite:${disk.folder}/belfry.db`,
    /^belfry: The backup \S+ could not be restored: [^\n]*\.\n$/,
  )
  expect(readdirSync(disk.folder)).toEqual(['ballast'])
})
