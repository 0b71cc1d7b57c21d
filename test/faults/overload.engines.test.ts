/** Under ten times the load that keeps the server busy, half of it attacks, well-behaved clients are served or told to retry. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Tenant, newDatabase } from '../support/belfry.ts'
import { watchMemory } from '../support/memory.ts'
import { type Answers, runClient, runAttacker, attacks } from '../support/overload-clients.ts'
import { isFullRun } from '../support/test-mode.ts'
import { type RawRequest, callBelfry, signByHand } from '../support/raw.ts'
import { administratorOf, serve } from '../support/server-process.ts'
import { basicTime } from '../../src/identity/canonical.ts'

/** The number of clients that keeps the server busy. */
const enough = 32
const seconds = isFullRun ? 20 : 4
const memoryAtMostMiB = 400

const environment = {
  BELFRY_MAX_REQUESTS: String(2 * enough),
  BELFRY_HEADERS_TIMEOUT_MS: '1000',
  BELFRY_REQUEST_TIMEOUT_MS: '2000',
}

test(
  `a server under 10 times the load for ${seconds} s serves its clients or tells them to retry`,
  { timeout: 120_000 },
  async () => {
    const server = await serve(await newDatabase(), environment)
    const administrator = administratorOf(server.url)
    const hasty = await givenLimitedKey(server.url, administrator)
    const requests = signMany(server.url, administrator)
    const usual = await during(2, { statuses: new Map(), faults: [] }, (isOver, answers) =>
      Array.from({ length: enough }, () => runClient({ url: server.url, requests, isOver }, answers)),
    )
    expect([statusesOf(usual), usual.faults]).toEqual([[200, 204], []])

    const memory = watchMemory(server.pid)
    const crowd = await during(seconds, { statuses: new Map(), faults: [] }, (isOver, answers) => {
      const client = { url: server.url, requests, isOver }
      const impatient = { ...client, requests: signMany(server.url, hasty) }
      return [
        ...Array.from({ length: 4 * enough }, () => runClient(client, answers)),
        ...Array.from({ length: enough }, () => runClient(impatient, answers)),
        ...Array.from({ length: 5 * enough }, (_, index) => runAttacker(client, attackOf(index))),
      ]
    })
    const most = memory.stop()
    await expect.poll(() => ask(administrator), { timeout: 1_000, interval: 50 }).toBe('served')
    for (let count = 0; count < 20; count++) expect(await ask(administrator)).toBe('served')

    expect(crowd.faults).toEqual([])
    expect(statusesOf(crowd)).toEqual([200, 204, 429, 503])
    const [before = 0, amid = 0] = [usual, crowd].map(({ statuses }) => statuses.get(200))
    expect(amid / seconds, 'requests served per second, compared with those before').toBeGreaterThan(before / 2 / 20)
    // Unknown on systems without /proc.
    expect(Number.isNaN(most) || most < memoryAtMostMiB, `${most} MiB`).toBe(true)
    expect(await server.end('SIGTERM')).toBe(0)
  },
)

const statusesOf = ({ statuses }: Answers) => [...statuses.keys()].toSorted((a, b) => a - b)

async function during(
  seconds: number,
  answers: Answers,
  start: (isOver: () => boolean, answers: Answers) => Promise<void>[],
): Promise<Answers> {
  let isOver = false
  const clients = start(() => isOver, answers)
  await sleep(seconds * 1000)
  isOver = true
  await Promise.all(clients)
  return answers
}

const acts = Object.values(attacks)
const attackOf = (index: number) => acts[index % acts.length] ?? attacks['forges a signature']

/** A key with a low limit of requests per second. */
async function givenLimitedKey(url: string, administrator: Tenant): Promise<Tenant> {
  await callBelfry(url, administrator, 'POST /principals', { PrincipalName: 'hasty', PrincipalType: 'Machine' })
  await callBelfry(url, administrator, 'PUT /principals/hasty/policies/AmazonChimeFullAccess')
  const { json } = await callBelfry(url, administrator, 'POST /principals/hasty/access-keys', { RequestsPerSecond: 5 })
  const { AccessKeyId = '', SecretAccessKey = '' } = json['AccessKey'] as Record<string, string>
  return { ...administrator, credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } }
}

/** Nine signed reads and one signed write. */
function signMany(url: string, { credentials }: Tenant): Buffer[] {
  const time = basicTime(new Date())
  const headers = { 'X-Amz-Date': time, 'Content-Type': 'application/json' }
  const write = { method: 'PUT', path: '/settings', body: '{"VoiceConnector":{"CdrBucket":"b"}}', headers }
  const reads = Array.from({ length: 9 }, () => ({ method: 'GET', path: '/accounts', headers }))
  return [...reads, write].map((request) => toBytes(signByHand(url, credentials, time, request)))
}

function toBytes({ method = 'GET', path, headers = {}, body = '' }: RawRequest): Buffer {
  const fields = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(String(body))) })
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

const ask = ({ chime }: Tenant) =>
  chime.listAccounts().then(
    () => 'served',
    ({ name }: Error) => name,
  )
