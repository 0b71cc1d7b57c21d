/** The process: what it prints, what it keeps, and how it refuses to start. */
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Chime } from '@aws-sdk/client-chime'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { killAll, runBelfry, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-command-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

const serveHere = (...flags: string[]) => startProcess(['serve', '--port', '0', ...flags], { cwd: folder })
const refuseToServe = (flags: string[], environment: Record<string, string> = {}) =>
  runBelfry(['serve', '--port', '0', ...flags], { cwd: folder, environment })

describe('serve --demo', () => {
  test('invites to paste the published example, and the example works, now and after a restart', async () => {
    const first = await serveHere('--demo')
    const pasted = readPasted(first.printed())
    expect(pasted['AWS_ENDPOINT_URL_CHIME']).toBe(first.url)
    expect(first.printed()).toContain(
      `aws chime associate-phone-number-with-user \\
  --account-id 12a3456b-7c89-012d-3456-78901e23fg45 \\
  --user-id 1ab2345c-67de-8901-f23g-45h678901j2k \\
  --e164-phone-number "+12065550100"`,
    )
    const AccountId = '12a3456b-7c89-012d-3456-78901e23fg45'
    const UserId = '1ab2345c-67de-8901-f23g-45h678901j2k'
    const chime = connect(pasted)
    expect((await chime.getAccount({ AccountId })).Account?.AccountType).toBe('EnterpriseLWA')
    expect((await chime.listUsers({ AccountId })).Users).toHaveLength(3)
    const { PhoneNumber: before } = await chime.getPhoneNumber({ PhoneNumberId: '+12065550100' })
    expect(before).toMatchObject({ Status: 'Unassigned', ProductType: 'BusinessCalling', Associations: [] })
    await chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber: '+12065550100' })
    expect(await first.end('SIGTERM')).toBe(0)

    const second = await serveHere('--demo')
    const again = readPasted(second.printed())
    expect(again['AWS_ACCESS_KEY_ID']).toBe(pasted['AWS_ACCESS_KEY_ID'])
    expect(again['AWS_SECRET_ACCESS_KEY']).toBe(pasted['AWS_SECRET_ACCESS_KEY'])
    const { User } = await connect(again).getUser({ AccountId, UserId })
    expect(User?.PrimaryProvisionedNumber).toBe('+12065550100')
    const { E164PhoneNumbers = [] } = await connect(again).searchAvailablePhoneNumbers({ AreaCode: '206' })
    expect(E164PhoneNumbers).toHaveLength(96)
    // A terminal and npm may both hand on one Ctrl-C.
    expect(await second.end('SIGINT', 'SIGINT', 'SIGTERM')).toBe(0)
  })
})

describe('serve', () => {
  test('shows the key it made once, and keeps it sealed', async () => {
    const first = await serveHere()
    const [, id = '', secret = ''] = /AWS_ACCESS_KEY_ID=(\S+)\s+AWS_SECRET_ACCESS_KEY=(\S+)/.exec(first.printed()) ?? []
    expect(id).toMatch(/^AKIA[A-Z2-7]{16}$/)
    await first.end('SIGTERM')
    expect(statSync(join(folder, 'data/sealing.key')).mode & 0o777).toBe(0o600)
    for (const file of readdirSync(join(folder, 'data')))
      expect(readFileSync(join(folder, 'data', file)).includes(secret)).toBe(false)
    const second = await serveHere()
    expect(second.printed()).toBe(`belfry ready ${second.url}\n`)
    const chime = new Chime({
      endpoint: second.url,
      region: 'us-east-1',
      credentials: { accessKeyId: id, secretAccessKey: secret },
    })
    expect((await chime.listAccounts()).Accounts).toEqual([])
  })

  test('takes the key it is given', async () => {
    const environment = {
      BELFRY_ROOT_ACCESS_KEY_ID: 'AKIAGIVENGIVENGIVEN',
      BELFRY_ROOT_SECRET_ACCESS_KEY: 'given/given+given',
    }
    const server = await startProcess(['serve', '--port', '0'], { cwd: folder, environment })
    const credentials = { accessKeyId: 'AKIAGIVENGIVENGIVEN', secretAccessKey: 'given/given+given' }
    const chime = new Chime({ endpoint: server.url, region: 'us-east-1', credentials })
    expect((await chime.listAccounts()).Accounts).toEqual([])
    expect(server.printed()).toBe(`belfry ready ${server.url}\n`)
  })

  test('follows the AWS account of the key it is given, and never prints the secret', async () => {
    const environment = {
      BELFRY_ROOT_ACCESS_KEY_ID: 'AKIAGIVENGIVENGIVEN',
      BELFRY_ROOT_SECRET_ACCESS_KEY: 'given/given+given',
    }
    const credentials = { accessKeyId: 'AKIAGIVENGIVENGIVEN', secretAccessKey: 'given/given+given' }
    for (const awsAccountId of ['333333333333', '444444444444']) {
      const args = ['serve', '--demo', '--port', '0', '--aws-account-id', awsAccountId]
      const server = await startProcess(args, { cwd: folder, environment })
      const chime = new Chime({ endpoint: server.url, region: 'us-east-1', credentials })
      expect((await chime.createAccount({ Name: 'x' })).Account?.AwsAccountId).toBe(awsAccountId)
      expect(server.printed()).not.toContain('given/given')
      await server.end('SIGTERM')
    }
  })

  test('keeps its files to itself', async () => {
    const server = await serveHere()
    for (const file of readdirSync(join(folder, 'data')))
      expect(statSync(join(folder, 'data', file)).mode & 0o077, file).toBe(0)
    await server.end('SIGTERM')
  })

  test.each<[string, string[], boolean]>([
    ['warns of running as root', [], process.getuid?.() === 0],
    ['does not where it is only for a look', ['--demo'], false],
  ])('%s', async (_, flags, warns) => {
    const file = join(folder, 'stderr')
    const server = await startProcess(['serve', '--port', '0', ...flags], { cwd: folder, stderr: openSync(file, 'w') })
    await server.end('SIGTERM')
    expect(readFileSync(file, 'utf8').includes('running as root')).toBe(warns)
  })

  test('survives being killed while it makes its database', async () => {
    for (let round = 0; round < 3; round++) {
      const file = join(folder, `${round}.db`)
      const first = serveHere('--database', `sqlite:${file}`).catch(() => undefined)
      await expect.poll(() => existsSync(file), { interval: 1, timeout: 10_000 }).toBe(true)
      killAll()
      await first
      const second = await serveHere('--database', `sqlite:${file}`)
      expect(await second.end('SIGTERM')).toBe(0)
    }
  })

  test('is not ready once it was told to stop, and serves for a while all the same', async () => {
    const server = await serveHere('--drain-delay-ms', '1500')
    const statusOf = async (path: string) => (await fetch(server.url + path)).status
    expect([await statusOf('/ready'), await statusOf('/accounts')]).toEqual([200, 403])
    const ended = server.end('SIGTERM')
    await expect.poll(() => statusOf('/ready'), { interval: 10 }).toBe(503)
    const { status, headers } = await fetch(`${server.url}/accounts`)
    expect([status, headers.get('connection')]).toEqual([403, 'close'])
    expect(await ended).toBe(0)
  })

  test('goes on when its log cannot be written, and still stops', async () => {
    const full = openSync('/dev/full', 'w')
    const server = await startProcess(['serve', '--port', '0'], { cwd: folder, stderr: full })
    for (let round = 0; round < 5; round++) expect((await fetch(`${server.url}/accounts`)).status).toBe(403)
    expect(await server.end('SIGTERM')).toBe(0)
  })

  const notStarted = 1
  const wrongSettings = 2

  test.each<[string, string[], Record<string, string>, number, string]>([
    ['an unknown setting', [], { BELFRY_PROT: '1' }, wrongSettings, 'belfry: BELFRY_PROT is not a setting of Belfry.'],
    ['an unknown flag', ['--prot', '1'], {}, wrongSettings, "error: unknown option '--prot'"],
    ['a port that is none', ['--port', '70000'], {}, wrongSettings, 'belfry: BELFRY_PORT must be from 0 to 65535.'],
    [
      'a number that is none',
      [],
      { BELFRY_ORDER_DELAY_MS: '1s' },
      wrongSettings,
      'belfry: BELFRY_ORDER_DELAY_MS must be a whole number.',
    ],
    [
      'a database URL that is none',
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
      'a certificate that is not there',
      ['--tls-cert', 'x.pem', '--tls-key', 'y.pem'],
      {},
      notStarted,
      "belfry: The certificate x.pem with the key y.pem cannot be used: ENOENT: no such file or directory, open 'x.pem'.",
    ],
    [
      'certificates for webhooks that are none',
      [],
      { BELFRY_WEBHOOK_CA_FILE: import.meta.filename },
      notStarted,
      `belfry: The certificates ${import.meta.filename} cannot be used: they are not what they should be, in PEM (ERR_OSSL_PEM_NO_START_LINE).`,
    ],
    [
      'a sealing key that is none',
      [],
      { BELFRY_SEALING_KEY: 'short' },
      wrongSettings,
      'belfry: BELFRY_SEALING_KEY must be 32 bytes in base64.',
    ],
    [
      'a database nobody serves',
      ['--database', 'postgres://user:se@cret@127.0.0.1:1/x?password=secret'],
      {},
      notStarted,
      'belfry: The database postgres://127.0.0.1:1/x cannot be used: connect ECONNREFUSED 127.0.0.1:1.',
    ],
    [
      'an address that is not ours',
      ['--host', '192.0.2.1'],
      {},
      notStarted,
      'belfry: The address 192.0.2.1:0 cannot be listened on (EADDRNOTAVAIL).',
    ],
  ])('refuses %s in one sentence', async (_, flags, environment, code, sentence) => {
    const outcome = await refuseToServe(flags, environment)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr.split('\n')[0]).toBe(sentence)
    expect(outcome.stderr).not.toContain('    at ')
    if (code === wrongSettings) expect(readdirSync(folder)).toEqual([])
  })

  test.each(['postgres://user:se/cret@127.0.0.1/x', 'sqlite::memory:', 'sqlite:file:x.db'])(
    'refuses %s, and does not repeat a password',
    async (url) => {
      const outcome = await refuseToServe(['--database', url])
      expect(outcome).toMatchObject({ code: notStarted, stdout: '' })
      expect(outcome.stderr).toMatch(/^belfry: The database [^\n]+ (?:is not a valid URL|names no file)\.\n$/)
      expect(outcome.stderr).not.toContain('cret')
    },
  )

  test('refuses a port that is in use', async () => {
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
    ['newer', addMigration, /was made by a newer version of Belfry \(it has 9999-future\); nothing was changed\.\n$/],
    [
      "another program's",
      (file) => sql(file, 'CREATE TABLE t (x)'),
      /holds tables of another program, not a Belfry database\.\n$/,
    ],
    ['a folder', (file) => mkdirSync(file), /cannot be opened: unable to open database file\.\n$/],
  ])('refuses a database that is %s, and leaves it alone', async (_, make, sentence) => {
    const file = join(folder, 'belfry.db')
    make(file)
    const before = statSync(file).isFile() ? readFileSync(file) : undefined
    const outcome = await refuseToServe(['--database', `sqlite:${file}`])
    expect(outcome).toMatchObject({ code: notStarted, stdout: '' })
    expect(outcome.stderr).toMatch(/^belfry: The database sqlite:\S+ [^\n]+\n$/)
    expect(outcome.stderr).toMatch(sentence)
    if (before) expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('refuses a database whose secrets another key sealed', async () => {
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

test('demo tells the story and leaves nothing behind', async () => {
  const outcome = await runBelfry(['demo'], { cwd: folder, environment: { TMPDIR: folder } })
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  const steps = outcome.stdout.split('\n').map((line) => line.split(/ {2,}| /)[0])
  expect(steps).toEqual([
    'A',
    'CreateAccount',
    'CreateUser',
    'CreateUser',
    'SearchAvailablePhoneNumbers',
    'CreatePhoneNumberOrder',
    'GetPhoneNumberOrder',
    'AssociatePhoneNumberWithUser',
    'GetUser',
    'GetPhoneNumber',
    'AssociatePhoneNumberWithUser',
    'DisassociatePhoneNumberFromUser',
    'DeletePhoneNumber',
    'RestorePhoneNumber',
    '',
  ])
  expect(outcome.stdout).toContain('for grace is refused: BadRequestException')
  expect(existsSync(folder) && readdirSync(folder).filter((name) => name.startsWith('belfry-demo'))).toEqual([])
})

const readPasted = (printed: string) =>
  Object.fromEntries([...printed.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name, value]) => [name, value])) as Record<
    string,
    string
  >

const connect = (pasted: Record<string, string>) =>
  new Chime({
    endpoint: pasted['AWS_ENDPOINT_URL_CHIME'] ?? '',
    region: pasted['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: pasted['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: pasted['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
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
