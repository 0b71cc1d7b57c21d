/** What was answered survives a crash; what was due is done by the next start. */
import { randomBytes } from 'node:crypto'
import { type Chime, paginateListAccounts } from '@aws-sdk/client-chime'
import { expect, test } from 'vitest'
import { createClient, newDatabase } from '../support/belfry.ts'
import { newEmail } from '../support/given.ts'
import { type Running, startProcess } from '../support/process.ts'

const credentials = { accessKeyId: 'AKIACRASHTESTKEY', secretAccessKey: 'a-secret-for-the-crash-test' }
const sealingKey = randomBytes(32).toString('base64')
const rounds = 4
const writers = 8

interface Acknowledged {
  accounts: Map<string, string>
  /** Number to user. */
  holders: Map<string, string>
}

const start = (databaseUrl: string, orderDelayMs = 0): Promise<Running> =>
  startProcess(['serve', '--demo', '--port', '0', '--log-level', 'silent'], {
    environment: {
      BELFRY_DATABASE: databaseUrl,
      BELFRY_SEALING_KEY: sealingKey,
      BELFRY_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      BELFRY_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      BELFRY_ORDER_DELAY_MS: String(orderDelayMs),
      BELFRY_PHONE_NUMBER_QUOTA: '0',
    },
  })

test(`kill -9 in the middle of writes loses nothing that was answered, ${rounds} times over`, async () => {
  const databaseUrl = await newDatabase()
  const acknowledged: Acknowledged = { accounts: new Map(), holders: new Map() }
  for (let round = 0; round < rounds; round++) {
    const server = await start(databaseUrl)
    const chime = createClient(server.url, credentials)
    await expectAll(chime, acknowledged)
    const numbers = await order(chime, 30)
    const work = Array.from({ length: writers }, (_, index) =>
      write(chime, acknowledged, numbers.slice(index * 3, index * 3 + 3)),
    )
    const target = acknowledged.accounts.size + 20
    await expect.poll(() => acknowledged.accounts.size, { timeout: 20_000, interval: 5 }).toBeGreaterThan(target)
    await server.end('SIGKILL')
    await Promise.all(work)
  }
  const server = await start(databaseUrl)
  await expectAll(createClient(server.url, credentials), acknowledged)
  expect(acknowledged.holders.size).toBeGreaterThan(rounds)
  expect(await server.end('SIGTERM')).toBe(0)
}, 120_000)

test('an order that was accepted before a crash is completed after it', async () => {
  const databaseUrl = await newDatabase()
  const first = await start(databaseUrl, 1_000)
  const { PhoneNumberOrder: accepted } = await createClient(first.url, credentials).createPhoneNumberOrder({
    ProductType: 'BusinessCalling',
    E164PhoneNumbers: ['+12065550150', '+19999999999'],
  })
  expect(accepted?.Status).toBe('Processing')
  await first.end('SIGKILL')
  const second = await start(databaseUrl)
  const chime = createClient(second.url, credentials)
  const read = async () =>
    (await chime.getPhoneNumberOrder({ PhoneNumberOrderId: accepted?.PhoneNumberOrderId ?? '' })).PhoneNumberOrder
  await expect.poll(async () => (await read())?.Status, { timeout: 10_000 }).toBe('Partial')
  expect((await read())?.OrderedPhoneNumbers).toEqual([
    { E164PhoneNumber: '+12065550150', Status: 'Acquired' },
    { E164PhoneNumber: '+19999999999', Status: 'Failed' },
  ])
})

/** Writes until the server is gone, noting down what was answered. */
async function write(chime: Chime, { accounts, holders }: Acknowledged, numbers: string[]) {
  try {
    for (;;) {
      const { Account } = await chime.createAccount({ Name: `Account ${accounts.size}` })
      const AccountId = Account?.AccountId ?? ''
      accounts.set(AccountId, Account?.Name ?? '')
      const { User } = await chime.createUser({ AccountId, Email: newEmail() })
      const E164PhoneNumber = numbers.pop()
      if (E164PhoneNumber === undefined) continue
      await chime.associatePhoneNumberWithUser({ AccountId, UserId: User?.UserId ?? '', E164PhoneNumber })
      holders.set(E164PhoneNumber, User?.UserId ?? '')
    }
  } catch (error) {
    // A refusal would be an answer; only a connection that broke ends the round.
    expect((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode).toBeUndefined()
  }
}

async function order(chime: Chime, count: number): Promise<string[]> {
  const { E164PhoneNumbers = [] } = await chime.searchAvailablePhoneNumbers({ State: 'WA', MaxResults: count })
  await chime.createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers })
  const last = E164PhoneNumbers.at(-1) ?? ''
  await expect
    .poll(async () => (await chime.getPhoneNumber({ PhoneNumberId: last })).PhoneNumber?.Status, { timeout: 10_000 })
    .toBe('Unassigned')
  return E164PhoneNumbers
}

async function expectAll(chime: Chime, { accounts, holders }: Acknowledged) {
  const found = new Map<string, string>()
  for await (const page of paginateListAccounts({ client: chime }, {}))
    for (const { AccountId = '', Name = '' } of page.Accounts ?? []) found.set(AccountId, Name)
  for (const [id, name] of accounts) expect(found.get(id)).toBe(name)
  for (const [number, userId] of holders) {
    const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId: number })
    expect(PhoneNumber?.Associations?.[1]?.Value).toBe(userId)
  }
}
