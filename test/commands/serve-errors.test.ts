/** Settings and databases with which `belfry serve` refuses to start. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, test } from 'vitest'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

const serveHere = () => startProcess(['serve', '--port', '0'], { cwd: folder })
const refuseToServe = (flags: string[], environment: Record<string, string> = {}) =>
  runBelfry(['serve', '--port', '0', ...flags], { cwd: folder, environment })

const notStarted = 1
const wrongSettings = 2

describe('belfry serve', () => {
  test.each<[string, string[], Record<string, string>, number, string]>([
    ['an unknown setting', [], { BELFRY_PROT: '1' }, wrongSettings, 'belfry: BELFRY_PROT is not a setting of Belfry.'],
    ['an unknown flag', ['--prot', '1'], {}, wrongSettings, "error: unknown option '--prot'"],
    [
      'a port out of range',
      ['--port', '70000'],
      {},
      wrongSettings,
      'belfry: BELFRY_PORT must be a whole number from 0 to 65535.',
    ],
    [
      'a number with a unit',
      [],
      { BELFRY_ORDER_DELAY_MS: '1s' },
      wrongSettings,
      'belfry: BELFRY_ORDER_DELAY_MS must be a whole number from 0 to 86400000.',
    ],
    [
      'an unsupported database URL',
      ['--database', 'mysql://x'],
      {},
      wrongSettings,
      'belfry: BELFRY_DATABASE must be sqlite:<file> or postgres://….',
    ],
    [
      'half a key',
      [],
      { BELFRY_ROOT_ACCESS_KEY_ID: 'AKIAGIVENGIVENGIVEN' },
      wrongSettings,
      'belfry: BELFRY_ROOT_ACCESS_KEY_ID and BELFRY_ROOT_SECRET_ACCESS_KEY must be given together.',
    ],
    [
      'a certificate without its key',
      ['--tls-cert', 'x.pem'],
      {},
      wrongSettings,
      'belfry: BELFRY_TLS_CERT and BELFRY_TLS_KEY must be given together.',
    ],
    [
      'less time for a request than for its head',
      ['--request-timeout-ms', '10000'],
      {},
      wrongSettings,
      'belfry: BELFRY_REQUEST_TIMEOUT_MS (10000) must not be less than BELFRY_HEADERS_TIMEOUT_MS (15000).',
    ],
    [
      'a certificate that does not exist',
      ['--tls-cert', 'x.pem', '--tls-key', 'y.pem'],
      {},
      notStarted,
      "belfry: The certificate x.pem with the key y.pem cannot be used: ENOENT: no such file or directory, open 'x.pem'.",
    ],
    [
      'invalid certificates for webhooks',
      [],
      { BELFRY_WEBHOOK_CA_FILE: import.meta.filename },
      notStarted,
      `belfry: The certificates ${import.meta.filename} cannot be used: they are not what they should be, in PEM (ERR_OSSL_PEM_NO_START_LINE).`,
    ],
    [
      'an invalid sealing key',
      [],
      { BELFRY_SEALING_KEY: 'short' },
      wrongSettings,
      'belfry: BELFRY_SEALING_KEY must be 32 bytes in base64.',
    ],
    [
      'a database that refuses connections',
      ['--database', 'postgres://user:se@cret@127.0.0.1:1/x?password=secret'],
      {},
      notStarted,
      'belfry: The database postgres://127.0.0.1:1/x cannot be used: connect ECONNREFUSED 127.0.0.1:1.',
    ],
    [
      'an address of another machine',
      ['--host', '192.0.2.1'],
      {},
      notStarted,
      'belfry: The address 192.0.2.1:0 cannot be listened on (EADDRNOTAVAIL).',
    ],
  ])('refuses to start with %s and prints one sentence', async (_, flags, environment, code, sentence) => {
    const outcome = await refuseToServe(flags, environment)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr.split('\n')[0]).toBe(sentence)
    expect(outcome.stderr).not.toContain('    at ')
    if (code === wrongSettings) expect(readdirSync(folder)).toEqual([])
  })

  test.runIf(process.platform === 'linux').each([
    ['--sealing-key-file', '/proc/nope/x', 'The sealing key /proc/nope/x cannot be used: ENOENT'],
    ['--database', 'sqlite:/proc/nope/x', 'The database sqlite:/proc/nope/x cannot be made: ENOENT'],
  ])('refuses %s %s, where no folder can be made', async (flag, path, sentence) => {
    const outcome = await refuseToServe([flag, path])
    expect(outcome).toMatchObject({ code: notStarted, stdout: '' })
    expect(outcome.stderr).toMatch(new RegExp(`^belfry: ${sentence}.*\\.\n$`))
  })

  test.each(['postgres://user:se/cret@127.0.0.1/x', 'sqlite::memory:', 'sqlite:file:x.db'])(
    'refuses the database %s without printing a password',
    async (url) => {
      const outcome = await refuseToServe(['--database', url])
      expect(outcome).toMatchObject({ code: notStarted, stdout: '' })
      expect(outcome.stderr).toMatch(/^belfry: The database [^\n]+ (?:is not a valid URL|names no file)\.\n$/)
      expect(outcome.stderr).not.toContain('cret')
    },
  )

  test('refuses to start on a port that is in use', async () => {
    const { port } = new URL((await serveHere()).url)
    const outcome = await refuseToServe(['--port', port, '--database', 'sqlite:other.db'])
    expect(outcome).toMatchObject({
      code: notStarted,
      stderr: `belfry: The address 127.0.0.1:${port} is already in use.\n`,
    })
  })

  test.each<[string, (file: string) => void, RegExp]>([
    ['damaged', (file) => writeFileSync(file, 'x'.repeat(8192)), /cannot be opened: file is not a database\.\n$/],
    ['empty', (file) => writeFileSync(file, ''), /is an empty file; remove it to start afresh\.\n$/],
    [
      'from a newer version',
      addMigration,
      /was made by a newer version of Belfry \(it has 9999-future\); nothing was changed\.\n$/,
    ],
    [
      "another program's",
      (file) => sql(file, 'CREATE TABLE t (x)'),
      /holds tables of another program, not a Belfry database\.\n$/,
    ],
    ['a folder', (file) => mkdirSync(file), /cannot be opened: unable to open database file\.\n$/],
  ])('refuses a database that is %s and leaves it unchanged', async (_, make, sentence) => {
    const file = join(folder, 'belfry.db')
    make(file)
    const before = statSync(file).isFile() ? readFileSync(file) : undefined
    const outcome = await refuseToServe(['--database', `sqlite:${file}`])
    expect(outcome).toMatchObject({ code: notStarted, stdout: '' })
    expect(outcome.stderr).toMatch(/^belfry: The database sqlite:\S+ [^\n]+\n$/)
    expect(outcome.stderr).toMatch(sentence)
    if (before) expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('refuses a database whose secrets were sealed with another key', async () => {
    const first = await serveHere()
    await first.end('SIGTERM')
    rmSync(join(folder, 'data/sealing.key'))
    const given = {
      BELFRY_ROOT_ACCESS_KEY_ID: 'AKIAGIVENGIVENGIVEN',
      BELFRY_ROOT_SECRET_ACCESS_KEY: 'given/given+given',
    }
    expect((await refuseToServe([], given)).code).toBe(notStarted)
    const missing = /^belfry: The sealing key \.\/data\/sealing\.key cannot be used: ENOENT/
    expect(await refuseToServe([])).toMatchObject({
      code: notStarted,
      stderr: expect.stringMatching(missing) as string,
    })
    expect(existsSync(join(folder, 'data/sealing.key'))).toBe(false)
    expect(await refuseToServe([], { BELFRY_SEALING_KEY: randomBytes(32).toString('base64') })).toMatchObject({
      code: notStarted,
      stderr: 'belfry: The secrets in the database were sealed with another sealing key.\n',
    })
  })
})

function addMigration(file: string) {
  sql(file, 'CREATE TABLE kysely_migration (name TEXT PRIMARY KEY, timestamp TEXT)')
  sql(file, "INSERT INTO kysely_migration VALUES ('9999-future', '2030-01-01T00:00:00.000Z')")
}

function sql(file: string, text: string) {
  const database = new DatabaseSync(file)
  database.exec(text)
  database.close()
}
