/** A database in trouble: one clear sentence at the start, 503 while the server runs, and nothing is lost. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createFullDisk, requireDisk } from '../support/faulty-disk.ts'
import { runBelfry } from '../support/process.ts'
import { administratorOf, sealingKey, serve } from '../support/server-process.ts'

let folder: string
let file: string
let url: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-trouble-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
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

/** As root everybody may write everything, except where the file system is read-only. */
function makeReadOnly(path: string): boolean {
  chmodSync(path, 0o555)
  onTestFinished(() => chmodSync(path, 0o755))
  if (process.getuid?.() !== 0) return true
  if (spawnSync('mount', ['--bind', path, path]).status !== 0) return false
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]))
  return spawnSync('mount', ['-o', 'remount,ro,bind', path]).status === 0
}

describe('at the start', () => {
  test('a folder that cannot be written', async ({ skip }) => {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    copyFileSync(file, join(inside, 'belfry.db'))
    if (!makeReadOnly(inside)) skip('this user may not mount')
    await refuse(['serve'], /cannot be written: \S+inside is read-only for this user/, `sqlite:${inside}/belfry.db`)
    await refuse(['serve'], /cannot be made: /, `sqlite:${inside}/new.db`)
    expect(readdirSync(inside)).toEqual(['belfry.db'])
  })

  test('a disk that is full', async ({ skip }) => {
    const disk = requireDisk(createFullDisk, skip)
    copyFileSync(file, join(disk.folder, 'belfry.db'))
    disk.fail()
    await refuse(['serve'], /cannot be opened: the disk is full\.\n$/, `sqlite:${disk.folder}/belfry.db`)
    await refuse(['serve'], /cannot be made: database or disk is full\.\n$/, `sqlite:${disk.folder}/new.db`)
    expect(readdirSync(disk.folder).filter((name) => name.startsWith('new'))).toEqual([])
  })

  test('a path that leads to no database, for commands that need one with keys', async () => {
    const id = 'AKIAIOSFODNN7EXAMPLE'
    const missing = `sqlite:${folder}/mistyped/belfry.db`
    const commands = [['list'], ['rotate', id], ['enable', id], ['disable', id], ['delete', id]]
    const session = ['session', '--principal', 'ann']
    for (const command of [...commands, session])
      await refuse(['key', ...command], /^belfry: The database sqlite:\S+ does not exist\.\n$/, missing)
    expect(readdirSync(folder)).not.toContain('mistyped')
  })

  test('a database that another process holds', async () => {
    const release = lock()
    for (const command of [['serve'], ['key', 'create', '--principal', 'ann']])
      await refuse(command, /^belfry: The database sqlite:\S+ cannot be used: database is locked\.\n$/)
    release()
    await (await serve(url)).end('SIGTERM')
  })

  test('a database that is gone, and left its log behind', async () => {
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
    ['its first page is', 1],
    ['the page that its keys are on is', pageOf('access_keys')],
  ])('a database that is damaged where %s', async (_, page) => {
    overwrite(typeof page === 'number' ? page : page(file))
    await refuse(['serve'], /: database disk image is malformed\.\n$/)
  })
})

function lock(): () => void {
  const holder = new DatabaseSync(file)
  holder.exec('begin immediate')
  return () => holder.close()
}

/** The first page of a table. */
function pageOf(table: string) {
  return (file: string): number => {
    const database = new DatabaseSync(file, { readOnly: true })
    const found = database.prepare('select rootpage from sqlite_master where name = ?').get(table)
    database.close()
    return Number(found?.['rootpage'])
  }
}

const pageSize = 4096

/** But for the header of the file. */
function overwrite(page: number) {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, Math.max(100, (page - 1) * pageSize), page * pageSize)
  writeFileSync(file, bytes)
}

describe('while it runs', () => {
  test('a database that another process holds is 503 for who writes, until it is free', async () => {
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

  test('a page that is damaged is 503 for who needs it, and belfry verify finds it', async () => {
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
