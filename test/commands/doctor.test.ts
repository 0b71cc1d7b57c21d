/** The findings of `belfry doctor`, which changes nothing. */
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { folderOfTest } from '../support/folder.ts'
import { type Running, runBelfry, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

/** An address that refuses connections. */
const nowhere = 'http://127.0.0.1:9'

const doctor = (args: string[] = [], environment: Record<string, string> = {}) =>
  runBelfry(['doctor', ...args], {
    cwd: folder,
    environment: { AWS_ENDPOINT_URL: nowhere, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
  })

/** Returns the findings of the failed checks by name. */
async function failures(args: string[] = [], environment: Record<string, string> = {}) {
  const { code, stdout } = await doctor([...args, '--json'], environment)
  const { Checks } = JSON.parse(stdout) as { Checks: { Name: string; Ok: boolean; Finding: string }[] }
  const failed = Checks.filter(({ Ok }) => !Ok)
  expect(code).toBe(failed.length > 0 ? 1 : 0)
  return Object.fromEntries(failed.map(({ Name, Finding }) => [Name, Finding]))
}

const serveHere = () => startProcess(['serve', '--port', '0'], { cwd: folder })

const surroundings = (server: Running) => {
  const [, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = ''] =
    /AWS_ACCESS_KEY_ID=(\S+)\s+AWS_SECRET_ACCESS_KEY=(\S+)/.exec(server.printed()) ?? []
  return { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
}

async function givenDatabase() {
  await (await serveHere()).end('SIGTERM')
}

function sql(text: string) {
  const database = new DatabaseSync(join(folder, 'data/belfry.db'))
  database.exec(text)
  database.close()
}

test('belfry doctor passes all checks with and without a running server', async () => {
  const server = await serveHere()
  const { code, stdout, stderr } = await doctor([], surroundings(server))
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.match(/^(?:ok {6}|warn {4})\S+(?: \S+)*/gm)?.map((line) => line.slice(8))).toEqual([
    'Node.js',
    'settings',
    'folder',
    'database',
    'schema',
    'sealing key',
    'administrator',
    'clock',
    'server',
    'readiness',
    'server clock',
    'signed call',
  ])
  expect(stdout.trimEnd().split('\n')).toHaveLength(12)
  expect(stdout).not.toContain(surroundings(server).AWS_SECRET_ACCESS_KEY)
  await server.end('SIGTERM')
  expect(await failures()).toEqual({})
})

test('belfry doctor reports a missing database and creates none', async () => {
  expect(await failures()).toEqual({
    database: expect.stringMatching(/^The database .* does not exist; belfry migrate/),
  })
  expect(readdirSync(folder)).toEqual([])
})

test('belfry doctor reports an outdated schema and does not migrate it', async () => {
  const database = new DatabaseSync(join(folder, 'old.db'))
  database.exec(
    'CREATE TABLE kysely_migration (name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL)',
  )
  database.close()
  const old = ['--database', 'sqlite:old.db']
  const found = { schema: expect.stringMatching(/^Lacks 0001-first-light, .*; run belfry migrate\.$/) }
  expect(await failures(old)).toEqual(found)
  expect(await failures(old)).toEqual(found)
  await runBelfry(['migrate', ...old], { cwd: folder })
  expect(Object.keys(await failures(old))).toEqual(['administrator'])
})

test('belfry doctor reports a wrong or missing sealing key', async () => {
  await givenDatabase()
  const file = join(folder, 'data/sealing.key')
  writeFileSync(file, Buffer.alloc(32).toString('base64'))
  expect(await failures()).toEqual({
    'sealing key': 'The secrets in the database were sealed with another sealing key.',
  })
  rmSync(file)
  expect(await failures()).toEqual({ 'sealing key': expect.stringContaining('cannot be used: ENOENT') })
  expect(existsSync(file)).toBe(false)
})

test('belfry doctor reports an administrator without a key, and a clock that went back', async () => {
  await givenDatabase()
  sql(`UPDATE access_keys SET status = 'Inactive'`)
  sql(`INSERT INTO journal (aws_account_id, event_id, event_time, event_name, principal_arn, request_id, request_parameters)
    VALUES ('111122223333', 'x', '2999-01-01T00:00:00.000Z', 'x', 'x', 'x', '{}')`)
  expect(await failures()).toEqual({
    administrator: expect.stringContaining('No active key in AWS account 111122223333'),
    clock: expect.stringContaining('but it has been 2999-01-01T00:00:00.000Z already'),
  })
})

test('belfry doctor reports unknown settings', async () => {
  expect(await failures([], { BELFRY_PROT: '1' })).toEqual({ settings: 'BELFRY_PROT is not a setting of Belfry.' })
})

test('belfry doctor reports a server that does not answer', async () => {
  await givenDatabase()
  const found = { server: expect.stringContaining('None answers at') }
  expect(await failures(['--endpoint-url', nowhere])).toEqual(found)
  expect(await failures([], { AWS_ENDPOINT_URL_CHIME: nowhere })).toEqual(found)
})

test('belfry doctor reports credentials that the server refuses, and missing credentials', async () => {
  const server = await serveHere()
  const environment = surroundings(server)
  const wrong = { ...environment, AWS_SECRET_ACCESS_KEY: 'wrong' }
  expect(await failures([], wrong)).toEqual({ 'signed call': expect.stringContaining('InvalidSignatureException: ') })
  const none = { AWS_CONFIG_FILE: 'none', AWS_SHARED_CREDENTIALS_FILE: 'none' }
  expect((await doctor([], { AWS_ENDPOINT_URL: server.url, ...none })).stdout).toContain('there are no AWS credentials')
})

describe('belfry doctor --signature', () => {
  const looks = (environment: Record<string, string>, args: string[] = []) =>
    failures(['--signature', ...args], environment)

  test('accepts a valid signature', async () => {
    const server = await serveHere()
    const { code, stdout } = await doctor(['--signature'], surroundings(server))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ok {6}signature {6}It is good\.$/m)
    expect(stdout).not.toContain(surroundings(server).AWS_SECRET_ACCESS_KEY)
  })

  test('reports an unknown access key and a wrong secret access key', async () => {
    const server = await serveHere()
    const environment = surroundings(server)
    expect(await looks({ ...environment, AWS_ACCESS_KEY_ID: 'AKIAXXXXXXXXXXXXXXXX' })).toEqual({
      'access key': expect.stringContaining('The server does not know AKIAXXXXXXXXXXXXXXXX'),
    })
    expect(await looks({ ...environment, AWS_SECRET_ACCESS_KEY: 'wrong' })).toEqual({
      signature: expect.stringContaining('BELFRY_EXPLAIN_SIGNATURES=1 at the server tells which'),
    })
  })

  test('reports a region that the server does not accept', async () => {
    const server = await startProcess(['serve', '--port', '0', '--regions', 'eu-west-1'], { cwd: folder })
    expect(await looks({ ...surroundings(server), AWS_REGION: 'us-west-2' })).toEqual({
      region: 'The server takes no signatures for us-west-2; set AWS_REGION to one of its BELFRY_REGIONS.',
    })
  })

  test('uses the explanation of the server to report a wrong secret and a proxy that changes the host', async () => {
    const server = await startProcess(['serve', '--port', '0'], {
      cwd: folder,
      environment: { BELFRY_EXPLAIN_SIGNATURES: '1' },
    })
    const environment = surroundings(server)
    expect(await looks({ ...environment, AWS_SECRET_ACCESS_KEY: 'wrong' })).toEqual({
      signature: 'Both sides sign the same text, so the secret access key is another one.',
    })
    const { host } = new URL(server.url)
    const proxy = await startHostChanger(server.url)
    expect(await looks({ ...environment, AWS_ENDPOINT_URL: proxy, AWS_SESSION_TOKEN: 'a-token' })).toEqual({
      signature: `What was signed as 'host:${new URL(proxy).host}' came to the server as 'host:${host}': something between changes it.`,
    })
  })

  test('reports missing credentials and an unreachable server', async () => {
    const none = { AWS_CONFIG_FILE: 'none', AWS_SHARED_CREDENTIALS_FILE: 'none' }
    expect(await looks(none)).toEqual({ credentials: expect.stringContaining('There are none: set AWS_ACCESS_KEY_ID') })
    const some = { AWS_ACCESS_KEY_ID: 'AKIAXXXXXXXXXXXXXXXX', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(await looks(some)).toEqual({ server: expect.stringContaining('None answers at') })
  })
})

/** A proxy that changes the `Host` header, as many do. */
async function startHostChanger(target: string): Promise<string> {
  const { hostname, port, host } = new URL(target)
  const proxy = createServer((incoming, response) => {
    const { method = 'GET', url: path = '/', headers } = incoming
    const onward = request({ hostname, port, method, path, headers: { ...headers, host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
