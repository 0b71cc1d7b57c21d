/** Three servers on one PostgreSQL see each other's writes and share out the jobs. */
import type { Chime, ChimeServiceException } from '@aws-sdk/client-chime'
import { expect, test } from 'vitest'
import { type Tenant, createClient, newDatabase } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { isFullRun } from '../support/test-mode.ts'
import { readJournal, readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { runBelfry } from '../support/process.ts'
import { callBelfry } from '../support/raw.ts'
import { administratorOf, sealingKey, serveReplicas } from '../support/server-process.ts'
import { createCallRecorder } from '../support/call-recorder.ts'

const clients = 64
const forMs = isFullRun ? 20_000 : 3_000

test(
  `the calls of ${clients} clients of three replicas for ${forMs / 1000} s are consistent with the final state`,
  { timeout: 300_000 },
  async () => {
    const replicas = await serveReplicas(3, await newDatabase())
    const tenants = replicas.map(({ url }) => administratorOf(url))
    const [{ url } = { url: '' }] = replicas
    const recorder = createCallRecorder()
    const workload = await prepareWorkload(recorder, url, administratorOf(url))
    const deadline = Date.now() + forMs
    const client = (index: number) => runClient(chimeOf(tenants, index), workload, () => Date.now() > deadline)
    await Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
    expect(recorder.calls.filter(({ outcome }) => outcome === 'unknown')).toEqual([])
    expect(findFaults(recorder.calls, await readState(url, administratorOf(url)))).toEqual([])
  },
)

const chimeOf = (tenants: readonly Tenant[], index: number) =>
  (tenants[index % tenants.length] ?? administratorOf('')).chime

test('three replicas complete each order once and purge each deleted number once', { timeout: 300_000 }, async () => {
  const count = isFullRun ? 100 : 20
  const replicas = await serveReplicas(3, await newDatabase(), { BELFRY_DELETION_QUEUE_DAYS: '0' })
  const tenants = replicas.map(({ url }) => administratorOf(url))
  const [{ url } = { url: '' }] = replicas
  const tenant = administratorOf(url)
  const numbers = Array.from({ length: count }, (_, index) => `+1206557${String(1000 + index)}`)
  await callBelfry(url, tenant, 'POST /stock', { E164PhoneNumbers: numbers })
  const order = (number: string, index: number) =>
    chimeOf(tenants, index).createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers: [number] })
  await shareOut(numbers, order)
  const journal = async (name: string) => {
    const lines = (await readJournal(url, tenant)).filter((line) => line.name === name)
    return lines.map(({ parameters }) => parameters['PhoneNumberId'] ?? parameters['PhoneNumberOrderId'])
  }
  await expect.poll(() => journal('CompletePhoneNumberOrder'), { timeout: 60_000 }).toHaveLength(count)
  await shareOut(numbers, (PhoneNumberId, index) => chimeOf(tenants, index).deletePhoneNumber({ PhoneNumberId }))
  await expect.poll(() => countNumbers(tenant), { timeout: 60_000 }).toBe(0)
  const purged = await journal('PurgePhoneNumber')
  expect(purged).toHaveLength(count)
  expect(new Set(purged).size).toBe(count)
  expect(new Set(await journal('CompletePhoneNumberOrder')).size).toBe(count)
})

/** Processes the numbers in parallel, one worker per replica. */
async function shareOut(numbers: readonly string[], forReplica: (number: string, replica: number) => Promise<unknown>) {
  const queue = numbers.entries()
  const work = async (replica: number) => {
    for (const [, number] of queue) await forReplica(number, replica)
  }
  await Promise.all([0, 1, 2].map(work))
}

const countNumbers = async ({ chime }: Tenant) => (await chime.listPhoneNumbers({})).PhoneNumbers?.length

test('three replicas deliver each event of a bot once and in order', { timeout: 300_000 }, async () => {
  const [bots, rooms] = isFullRun ? [10, 20] : [5, 5]
  const endpoint = await startEndpoint()
  const settings = { BELFRY_WEBHOOK_ALLOW: 'localhost', BELFRY_WEBHOOK_CA_FILE: endpoint.caFile }
  const replicas = await serveReplicas(3, await newDatabase(), settings)
  const tenants = replicas.map(({ url }) => administratorOf(url))
  const [{ url } = { url: '' }] = replicas
  const { AccountId, RoomIds } = await givenRooms(url, administratorOf(url), rooms)
  const BotIds = await Promise.all(
    Array.from({ length: bots }, (_, index) => givenBot(administratorOf(url), AccountId, `Bot ${index}`, endpoint.url)),
  )
  const invite = async (MemberId: string, index: number) => {
    for (const RoomId of RoomIds) await chimeOf(tenants, index).createRoomMembership({ AccountId, RoomId, MemberId })
  }
  await Promise.all(BotIds.map(invite))
  await expect.poll(() => endpoint.received.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(bots * rooms)
  for (const BotId of BotIds) {
    const received = endpoint.received.filter(({ path }) => path.endsWith(BotId))
    expect(received.map(({ json }) => (json['Discussion'] as { DiscussionId: string }).DiscussionId)).toEqual(RoomIds)
  }
})

async function givenRooms(url: string, { chime, ...rest }: Tenant, count: number) {
  const { Account } = await chime.createAccount({ Name: 'Enterprise' })
  const AccountId = Account?.AccountId ?? ''
  const call = (text: string, members?: object) => callBelfry(url, { chime, ...rest }, text, members)
  await call(`POST /accounts/${AccountId}?operation=convert`, { AccountType: 'EnterpriseLWA' })
  await call(`PUT /accounts/${AccountId}/domains/bots.example.com`)
  const RoomIds: string[] = []
  for (let index = 0; index < count; index++)
    RoomIds.push((await chime.createRoom({ AccountId, Name: `Room ${index}` })).Room?.RoomId ?? '')
  return { AccountId, RoomIds }
}

async function givenBot({ chime }: Tenant, AccountId: string, DisplayName: string, endpoint: string): Promise<string> {
  const { Bot } = await chime.createBot({ AccountId, DisplayName })
  const BotId = Bot?.BotId ?? ''
  await chime.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint: `${endpoint}/${BotId}` })
  return BotId
}

test(
  'every replica refuses a disabled key within a second, and accepts it again once it is enabled',
  { timeout: 300_000 },
  async () => {
    const databaseUrl = await newDatabase()
    const replicas = await serveReplicas(3, databaseUrl)
    const environment = { BELFRY_DATABASE: databaseUrl, BELFRY_SEALING_KEY: sealingKey }
    const key = (...args: string[]) => runBelfry(['key', ...args], { environment })
    const { stdout } = await key('create', '--principal', 'ann')
    const [, accessKeyId = '', secretAccessKey = ''] = /=(\S+)\s+\w+=(\S+)/.exec(stdout) ?? []
    const clients = replicas.map(({ url }) => createClient(url, { accessKeyId, secretAccessKey }))
    const answers = () => Promise.all(clients.map(answerTo))
    expect(await answers()).toEqual(['served', 'served', 'served'])
    expect((await key('disable', accessKeyId)).code).toBe(0)
    const off = '401 UnauthorizedClientException'
    await expect.poll(answers, { timeout: 1_000, interval: 50 }).toEqual([off, off, off])
    expect((await key('enable', accessKeyId)).code).toBe(0)
    await expect.poll(answers, { timeout: 1_000, interval: 50 }).toEqual(['served', 'served', 'served'])
  },
)

const answerTo = (chime: Chime): Promise<string> =>
  chime.listAccounts().then(
    () => 'served',
    ({ name, $metadata }: ChimeServiceException) => `${$metadata.httpStatusCode} ${name}`,
  )
