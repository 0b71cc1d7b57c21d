/** A database that is locked, damaged or not writable: one sentence at the start, 503 while the server runs, no data loss. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createFullDisk, requireDisk } from '../support/faulty-disk.ts'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry } from '../support/process.ts'
import { administratorOf, sealingKey, serve } from '../support/server-process.ts'

let folder: string
let file: string
let url: string

beforeEach(async () => {
  folder = folderOfTest()
  file = join(folder, 'belfry.db')
  url = `sqlite:${file}`
  await (await serve(url, {}, '--demo')).end('SIGTERM')
})

const AccountId = '12a3456b-7c89-012d-3456-78901e23fg45'
const environment = { BELFRY_SEALING_KEY: sealingKey, BELFRY_PORT: '0' }

async function refuse(command: string[], sentence: string | RegExp, database = url) {
  const { code, stdout, stderr } = await runBelfry([...command, '--database', database], { environment })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^belfry: [^\n]+\.\n$/)
  expect(stderr).toMatch(sentence)
}

/** Root may write to any folder, except on a read-only file system. */
function makeReadOnly(path: string): boolean {
  chmodSync(path, 0o555)
  onTestFinished(() => chmodSync(path, 0o755))
  if (process.getuid?.() !== 0) return true
  if (spawnSync('mount', ['--bind', path, path]).status !== 0) return false
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]))
  return spawnSync('mount', ['-o', 'remount,ro,bind', path]).status === 0
}

describe('a command refuses to start with', () => {
  test('a database in a read-only folder', async ({ skip }) => {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    copyFileSync(file, join(inside, 'belfry.db'))
    if (!makeReadOnly(inside)) skip('this user may not mount')
    await refuse(['serve'], /cannot be written: \S+inside is read-only for this user/, `sqlite:${inside}/belfry.db`)
    await refuse(['serve'], /cannot be made: /, `sqlite:${inside}/new.db`)
    expect(readdirSync(inside)).toEqual(['belfry.db'])
  })

  test('a database on a full disk', async ({ skip }) => {
    const disk = requireDisk(createFullDisk, skip)
    copyFileSync(file, join(disk.folder, 'belfry.db'))
    disk.fail()
    await refuse(['serve'], /cannot be opened: the disk is full\.\n$/, `sqlite:${disk.folder}/belfry.db`)
    await refuse(['serve'], /cannot be made: database or disk is full\.\n$/, `sqlite:${disk.folder}/new.db`)
    expect(readdirSync(disk.folder).filter((name) => name.startsWith('new'))).toEqual([])
  })

  test('a path without a database, if the command needs existing keys', async () => {
    const id = 'AKIAIOSFODNN7EXAMPLE'
    const missing = `sqlite:${folder}/mistyped/belfry.db`
    const commands = [['list'], ['rotate', id], ['enable', id], ['disable', id], ['delete', id]]
    const session = ['session', '--principal', 'ann']
    for (const command of [...commands, session])
      await refuse(['key', ...command], /^belfry: The database sqlite:\S+ does not exist\.\n$/, missing)
    expect(readdirSync(folder)).not.toContain('mistyped')
  })

  test('a database that another process has locked', async () => {
    const release = lock()
    for (const command of [['serve'], ['key', 'create', '--principal', 'ann']])
      await refuse(command, /^belfry: The database sqlite:\S+ cannot be used: database is locked\.\n$/)
    release()
    await (await serve(url)).end('SIGTERM')
  })

  test('a missing database file whose WAL still exists', async () => {
    const lost = new DatabaseSync(file)
    lost.exec('create table t (x)')
    copyFileSync(`${file}-wal`, join(folder, 'kept'))
    lost.close()
    rmSync(file)
    copyFileSync(join(folder, 'kept'), `${file}-wal`)
    await refuse(['serve'], /is gone, but its log \S+-wal is still there; move that away as well\.\n$/)
    await refuse(['restore', file], /is gone, but its log \S+-wal is still there; move that away as well\.\n$/)
  })

  test.each([
    ['the first page', 1],
    ['the page of the access keys', pageOf('access_keys')],
  ])('a database in which %s is damaged', async (_, page) => {
    overwrite(typeof page === 'number' ? page : page(file))
    await refuse(['serve'], /: database disk image is malformed\.\n$/)
  })
})

function lock(): () => void {
  const holder = new DatabaseSync(file)
  holder.exec('begin immediate')
  return () => holder.close()
}

/** Returns the number of the first page of a table. */
function pageOf(table: string) {
  return (file: string): number => {
    const database = new DatabaseSync(file, { readOnly: true })
    const found = database.prepare('select rootpage from sqlite_master where name = ?').get(table)
    database.close()
    return Number(found?.['rootpage'])
  }
}

const pageSize = 4096

/** Overwrites a page, except the header of the file. */
function overwrite(page: number) {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, Math.max(100, (page - 1) * pageSize), page * pageSize)
  writeFileSync(file, bytes)
}

describe('in a read-only folder', () => {
  const verify = (database: string) => runBelfry(['verify', '--database', database], { environment })

  /** Copies the database, and the named files beside it, into a folder that is read-only. Returns the URL and the folder. */
  function copyReadOnly(skip: (why: string) => void, ...suffixes: string[]) {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    for (const suffix of ['', ...suffixes]) copyFileSync(file + suffix, join(inside, `belfry.db${suffix}`))
    if (!makeReadOnly(inside)) skip('this user may not mount')
    return { inside, copy: `sqlite:${inside}/belfry.db` }
  }

  async function expectWhole({ inside, copy }: ReturnType<typeof copyReadOnly>, accounts: number) {
    const before = readdirSync(inside)
    expect(await verify(copy)).toMatchObject({ code: 0, stderr: '' })
    const backup = join(folder, 'belfry.backup')
    expect(await runBelfry(['backup', backup, '--database', copy])).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(inside)).toEqual(before)
    const database = new DatabaseSync(backup, { readOnly: true })
    expect(database.prepare('select count(*) as found from accounts').get()).toMatchObject({ found: accounts })
    database.close()
  }

  /** A server that is killed leaves a log. */
  async function leaveLog() {
    const server = await serve(url)
    await administratorOf(server.url).chime.createAccount({ Name: 'In the log' })
    await server.end('SIGKILL')
  }

  test('a database is verified and backed up', async ({ skip }) => {
    await expectWhole(copyReadOnly(skip), 1)
  })

  test('so is one with its log, if the index of the log is there as well', async ({ skip }) => {
    await leaveLog()
    await expectWhole(copyReadOnly(skip, '-wal', '-shm'), 2)
  })

  test('a log that cannot be replayed there is named', async ({ skip }) => {
    await leaveLog()
    const { copy } = copyReadOnly(skip, '-wal')
    const sentence =
      /has a log, \S+belfry\.db-wal, that must be replayed, and nothing may be written there; copy both to a/
    for (const command of [['verify'], ['backup', join(folder, 'belfry.backup')]]) await refuse(command, sentence, copy)
    expect(readdirSync(folder)).not.toContain('belfry.backup')
  })

  test('a file that is not a database, or empty, is refused as everywhere', async ({ skip }) => {
    writeFileSync(file, '')
    await refuse(['verify'], /is an empty file; remove it to start afresh\.\n$/, copyReadOnly(skip).copy)
  })
})

describe('a running server', () => {
  test('answers writes with 503 while another process has locked the database', async () => {
    const server = await serve(url)
    const { chime } = administratorOf(server.url)
    const release = lock()
    const refusal = { name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } }
    await expect(chime.createAccount({ Name: 'x' })).rejects.toMatchObject(refusal)
    expect((await chime.listAccounts()).Accounts).toHaveLength(1)
    release()
    await chime.createAccount({ Name: 'x' })
    expect((await chime.listAccounts()).Accounts).toHaveLength(2)
    await server.end('SIGTERM')
  })

  test('answers requests that need a damaged page with 503, and belfry verify reports the page', async () => {
    overwrite(pageOf('users')(file))
    const server = await serve(url)
    const { chime } = administratorOf(server.url)
    const refusal = { name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } }
    await expect(chime.listUsers({ AccountId })).rejects.toMatchObject(refusal)
    await expect(chime.createUser({ AccountId, Username: 'x' })).rejects.toMatchObject(refusal)
    expect((await chime.listAccounts()).Accounts).toHaveLength(1)
    const { code, stdout } = await runBelfry(['verify', '--database', url], { environment })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FAILED +the file is whole +.*malformed/m)
    await refuse(['backup', join(folder, 'x.backup')], /could not be made: database disk image is malformed\.\n$/)
    await server.end('SIGTERM')
  })
})
