/** A listing with a filter has what the same listing without it has and the filter lets through, however short its pages are. */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { insertAccount } from '../../src/domains/accounts/store.ts'
import { newAccount } from '../../src/domains/accounts/rules.ts'
import { useBelfry } from '../support/belfry.ts'
import { completeOrders, givenUser, newEmail, order } from '../support/given.ts'
import { sendSigned } from '../support/raw.ts'
import { withScanBudget } from '../support/scan-budget.ts'

const { belfry, tenant } = await useBelfry()
const { chime, awsAccountId } = tenant

type Item = Record<string, unknown>

/** All items, page by page. */
async function listAll(path: string, filter: Record<string, string | undefined>, pageSize: number): Promise<Item[]> {
  const items: Item[] = []
  for (let token: string | undefined; ;) {
    const query = { ...filter, 'max-results': String(pageSize), 'next-token': token }
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const answer = await sendSigned(belfry.url, tenant, { path: `${path}${new URLSearchParams(given).toString()}` })
    expect([answer.status, answer.status < 400 ? '' : answer.body]).toEqual([200, ''])
    const { NextToken, ...lists } = answer.json
    items.push(...Object.values(lists).flatMap((list) => list as Item[]))
    if (typeof NextToken !== 'string') return items
    token = NextToken
  }
}

/** Compares the filtered listing, at random budgets and page sizes, with the items of the whole listing that `admits` lets through. */
async function compare(
  path: string,
  filters: fc.Arbitrary<Record<string, string | undefined>>,
  admits: (item: Item, filter: Record<string, string | undefined>) => boolean,
) {
  const all = await listAll(path, {}, 99)
  expect(all.length).toBeGreaterThan(5)
  await fc.assert(
    fc.asyncProperty(
      filters,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (filter, rows, size) => {
        const expected = all.filter((item) => admits(item, filter))
        expect(await withScanBudget(rows, () => listAll(path, filter, size))).toEqual(expected)
      },
    ),
    { numRuns: 40 },
  )
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

const accountIds: string[] = []
const userIds: string[] = []
const times: string[] = []

beforeAll(async () => {
  const now = () => tenant.now().toISOString()
  for (const name of ['Alpha', 'alpine', 'Beta', 'ALPS', 'Gamma', 'alphabet', 'b']) {
    const { Account } = await chime.createAccount({ Name: name })
    accountIds.push(Account?.AccountId ?? '')
    belfry.advance(1000)
    times.push(now())
  }
  // A second account with assignments of its own.
  const [account = '', other = ''] = accountIds
  for (let count = 0; count < 9; count++) {
    const AccountId = count < 6 ? account : other
    const UserType = count % 3 === 1 ? 'SharedDevice' : 'PrivateUser'
    const { User } = await chime.createUser({ AccountId, Email: newEmail(), UserType })
    userIds.push(User?.UserId ?? '')
  }
  await givenUser(tenant, account, 'one@filtered.example.com')
  const numbers = await belfry.stock(10)
  for (let from = 0; from < numbers.length; from += 2)
    await order(tenant, numbers.slice(from, from + 2), from === 4 ? 'VoiceConnector' : 'BusinessCalling')
  await completeOrders(belfry)
  for (const [index, UserId] of userIds.entries())
    if (index % 2 === 0) {
      const AccountId = index < 6 ? account : other
      const E164PhoneNumber = numbers[index === 4 ? 9 : index]
      await chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber })
    }
  await chime.disassociatePhoneNumberFromUser({ AccountId: account, UserId: userIds[2] })
  await chime.deletePhoneNumber({ PhoneNumberId: numbers[1] })
  await chime.deletePhoneNumber({ PhoneNumberId: numbers[7] })
  // Deleted accounts and users are in no listing.
  await belfry.database.write((db) =>
    insertAccount(db, {
      ...newAccount(now(), { aws_account_id: awsAccountId, account_id: 'gone', name: 'Alp' }),
      deleted_at: now(),
    }),
  )
})

describe('ListPhoneNumbers', () => {
  const holders = fc.constantFrom(
    {},
    {},
    ...['AccountId', 'UserId'].flatMap((name) =>
      [...Array(7).keys()].map((index) => ({ 'filter-name': name, 'filter-value': `#${name} ${index}` })),
    ),
  )
  const statuses = ['Assigned', 'Unassigned', 'ReleaseInProgress', 'AcquireInProgress', 'DeleteFailed']
  const filters = fc
    .tuple(
      fc.record({
        status: maybe(fc.constantFrom(...statuses)),
        'product-type': maybe(fc.constantFrom('BusinessCalling', 'VoiceConnector')),
      }),
      holders,
    )
    .map(([filter, holder]) => Object.assign(filter, withIds(holder)))

  /** The ids are known only when the tests run. */
  function withIds(holder: { 'filter-name'?: string; 'filter-value'?: string }) {
    const [, index] = (holder['filter-value'] ?? '').split(' ')
    if (index === undefined) return {}
    const ids = holder['filter-name'] === 'UserId' ? userIds : accountIds
    return { ...holder, 'filter-value': ids[Number(index)] }
  }

  test('by status, product type and holder', () =>
    compare('/phone-numbers?', filters, (number, filter) => {
      const associations = number['Associations'] as { Name: string; Value: string }[]
      return (
        [undefined, number['Status']].includes(filter['status']) &&
        [undefined, number['ProductType']].includes(filter['product-type']) &&
        (filter['filter-name'] === undefined ||
          associations.some(({ Name, Value }) => Name === filter['filter-name'] && Value === filter['filter-value']))
      )
    }))
})

test('ListUsers by type and address', () => {
  const filters = fc.record({
    'user-type': maybe(fc.constantFrom('PrivateUser', 'SharedDevice')),
    'user-email': maybe(fc.constantFrom('ONE@filtered.example.com', 'two@filtered.example.com')),
  })
  return compare(`/accounts/${accountIds[0] ?? ''}/users?`, filters, (user, filter) => {
    const email = (user['PrimaryEmail'] as string | null)?.toLowerCase()
    return (
      [undefined, user['UserType']].includes(filter['user-type']) &&
      (filter['user-email'] === undefined || filter['user-email'].toLowerCase() === email)
    )
  })
})

test('ListAccounts by the beginning of the name', () =>
  compare(
    '/accounts?',
    fc.record({ name: maybe(fc.constantFrom('alp', 'AL', 'b', 'c', 'gamma')) }),
    (account, { name }) => (account['Name'] as string).toLowerCase().startsWith((name ?? '').toLowerCase()),
  ))

test('ListEvents by time, name and resource', () => {
  const time = fc.constantFrom(0, 1, 2, 3, 4, 5, 6).map((index) => times[index])
  const filters = fc.record({
    'start-time': maybe(fc.oneof(time, fc.constant('1960-01-01T00:00:00Z'), fc.constant('2100-01-01T00:00:00Z'))),
    'end-time': maybe(fc.oneof(time, fc.constant('1960-01-01T00:00:00Z'), fc.constant('9999-12-31T23:59:59Z'))),
    'event-name': maybe(fc.constantFrom('CreateAccount', 'CreateUser', 'AssociatePhoneNumberWithUser', 'None')),
    'resource-id': maybe(fc.nat(8).map((index) => (index < 4 ? accountIds[index] : userIds[index]))),
  })
  return compare('/belfry/events?', filters, (event, filter) => {
    const resources = event['Resources'] as { ResourceName: string }[]
    return (
      (event['EventTime'] as string) >= (filter['start-time'] ?? '') &&
      (event['EventTime'] as string) < (filter['end-time'] ?? '~') &&
      [undefined, event['EventName']].includes(filter['event-name']) &&
      (filter['resource-id'] === undefined ||
        resources.some(({ ResourceName }) => ResourceName === filter['resource-id']))
    )
  })
})
