/** Clients that send half a request, or none, keep no other client out and fill no memory. */
import { expect, test } from 'vitest'
import { createClient, newDatabase } from '../support/belfry.ts'
import { type Crowd, gatherCrowd } from '../support/crowd.ts'
import { watchMemory } from '../support/memory.ts'
import { namingKeyOf, send } from '../support/raw.ts'
import { administratorOf, serve } from '../support/server-process.ts'
import { isFullRun } from '../support/test-mode.ts'

const memoryAtMostMiB = 300
const post = 'POST /accounts HTTP/1.1\r\nHost: x\r\n'

/** What the crowd sends. @param named a header that names a key which exists */
const beginnings: [what: string, bytes: (named: string) => string][] = [
  ['nothing', () => ''],
  ['half a head', () => 'GET /accounts HTTP/1.1\r\nHost: x\r\nX-Half: '],
  ['a head without a signature and half a body', () => `${post}Content-Length: 2\r\n\r\n{`],
  ['a head with half a signature and half a body', () => `${post}Authorization: AWS4-\r\nContent-Length: 2\r\n\r\n{`],
  ['a head that names a key', (named) => `${post}${named}\r\nContent-Length: 2\r\n\r\n`],
  ['a head that names a key and half a body', (named) => `${post}${named}\r\nContent-Length: 2\r\n\r\n{`],
  ['half a post to a webhook', () => 'POST /incomingwebhooks/a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{'],
]

test.each(beginnings)('clients are served while 500 connections have sent %s and no more', async (_, bytesOf) => {
  const server = await serve(await newDatabase(), longTimeouts)
  const known = administratorOf(server.url)
  const bytes = bytesOf(namingKeyOf(known))
  const crowd = await gatherCrowd(server.url, 500, bytes)
  await assertServed(server.url)
  expect(crowd.countOpen()).toBeGreaterThan(400)
  // Nothing is under way, so the end need not wait for the time-outs.
  expect(await server.end('SIGTERM')).toBe(0)
  crowd.leave()
})

test('clients are served while 5000 connections have sent beginnings of all kinds', async () => {
  const server = await serve(await newDatabase(), longTimeouts)
  const named = namingKeyOf(administratorOf(server.url))
  const memory = watchMemory(server.pid)
  const each = Math.ceil(5000 / beginnings.length)
  const crowds: Crowd[] = []
  for (const [, bytesOf] of beginnings) {
    crowds.push(await gatherCrowd(server.url, each, bytesOf(named)))
    await assertServed(server.url)
  }
  assertBounded(memory.stop())
  for (const crowd of crowds) crowd.leave()
})

/** On connections that are open and on new ones. */
async function assertServed(url: string) {
  const known = administratorOf(url)
  for (let call = 0; call < 5; call++) {
    await createClient(url, known.credentials).createAccount({ Name: 'Served' })
    await known.chime.listAccounts()
    expect((await send(url, { path: '/ready' })).status).toBe(200)
  }
}

/** Longer than the test may take. */
const longTimeouts = { BELFRY_HEADERS_TIMEOUT_MS: '600000', BELFRY_REQUEST_TIMEOUT_MS: '600000' }

const uploads = isFullRun ? 900 : 400

test(`nearly whole bodies of ${uploads} connections fill no memory`, async () => {
  const environment = { ...longTimeouts, BELFRY_MAX_CONNECTIONS_PER_ADDRESS: '0' }
  const server = await serve(await newDatabase(), environment)
  const known = administratorOf(server.url)
  const size = 1024 * 1024
  const head = `${post}${namingKeyOf(known)}\r\nContent-Length: ${size}\r\n\r\n`
  const memory = watchMemory(server.pid)
  const crowd = await gatherCrowd(server.url, uploads, Buffer.concat([Buffer.from(head), Buffer.alloc(size - 10)]))
  await expect.poll(crowd.countOpen, { timeout: 30_000 }).toBeLessThan(100)
  await known.chime.createAccount({ Name: 'Served' })
  assertBounded(memory.stop())
  crowd.leave()
})

/** The memory is unknown on systems without /proc. */
const assertBounded = (mib: number) => expect(Number.isNaN(mib) || mib < memoryAtMostMiB, `${mib} MiB`).toBe(true)
