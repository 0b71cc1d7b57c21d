/** `belfry serve` as a process: what it prints, which files it creates, and how it stops. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Chime } from '@aws-sdk/client-chime'
import { beforeEach, describe, expect, test } from 'vitest'
import { folderOfTest } from '../support/folder.ts'
import { killAll, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

const serveHere = (...flags: string[]) => startProcess(['serve', '--port', '0', ...flags], { cwd: folder })

describe('belfry serve', () => {
  test('prints a new root key only once and stores it sealed', async () => {
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

  test('uses the root key of the settings', async () => {
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

  test('uses the AWS account of the settings for a given root key, whose secret it never prints', async () => {
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

  test('creates files that only its user may read', async () => {
    const server = await serveHere()
    for (const file of readdirSync(join(folder, 'data')))
      expect(statSync(join(folder, 'data', file)).mode & 0o077, file).toBe(0)
    await server.end('SIGTERM')
  })

  test.each<[string, string[], boolean]>([
    ['warns if it runs as root', [], process.getuid?.() === 0],
    ['does not warn about root with --demo', ['--demo'], false],
  ])('%s', async (_, flags, warns) => {
    const file = join(folder, 'stderr')
    const server = await startProcess(['serve', '--port', '0', ...flags], { cwd: folder, stderr: openSync(file, 'w') })
    await server.end('SIGTERM')
    expect(readFileSync(file, 'utf8').includes('running as root')).toBe(warns)
  })

  test('starts after a kill during the creation of its database', async () => {
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

  test.each(['SIGTERM', 'SIGHUP'] as const)(
    'is not ready after %s, but serves requests during the drain delay',
    async (signal) => {
      const server = await serveHere('--drain-delay-ms', '1500')
      const statusOf = async (path: string) => (await fetch(server.url + path)).status
      expect([await statusOf('/ready'), await statusOf('/accounts')]).toEqual([200, 403])
      const ended = server.end(signal)
      await expect.poll(() => statusOf('/ready'), { interval: 10 }).toBe(503)
      const { status, headers } = await fetch(`${server.url}/accounts`)
      expect([status, headers.get('connection')]).toEqual([403, 'close'])
      expect(await ended).toBe(0)
    },
  )

  test('serves and stops normally if its log cannot be written', async () => {
    const full = openSync('/dev/full', 'w')
    const server = await startProcess(['serve', '--port', '0'], { cwd: folder, stderr: full })
    for (let round = 0; round < 5; round++) expect((await fetch(`${server.url}/accounts`)).status).toBe(403)
    expect(await server.end('SIGTERM')).toBe(0)
  })

  test('serves and stops normally if nobody reads its log', async () => {
    const pipe = join(folder, 'log')
    execFileSync('mkfifo', [pipe])
    const unread = openSync(pipe, 'r+')
    const server = await startProcess(['serve', '--port', '0'], { cwd: folder, stderr: unread })
    // A pipe holds 64 KiB; a line has more than 100 bytes.
    for (let round = 0; round < 100; round++) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(`${server.url}/accounts`)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]))
    }
    expect(await server.end('SIGTERM')).toBe(0)
    closeSync(unread)
  })
})
