/** Reads everything stored for an AWS account through the API. */
import type { Account, PhoneNumber, PhoneNumberOrder, User } from '@aws-sdk/client-chime'
import { expect } from 'vitest'
import type { Tenant } from './belfry.ts'
import { readPages } from './given.ts'
import { callBelfry } from './raw.ts'

export interface Interval {
  E164PhoneNumber: string
  AccountId: string
  UserId: string
  AssignedTimestamp: string
  AssignRequestId: string
  UnassignedTimestamp: string | null
  UnassignRequestId: string | null
}

export interface JournalLine {
  name: string
  time: number
  requestId: string
  /** With the member names of the API. Sensitive values are masked. */
  parameters: Readonly<Record<string, unknown>>
}

export interface State {
  accounts: Account[]
  users: User[]
  numbers: PhoneNumber[]
  orders: PhoneNumberOrder[]
  intervals: Interval[]
  journal: JournalLine[]
}

export async function readState(url: string, tenant: Tenant): Promise<State> {
  const { chime } = tenant
  const orders = await readOrders(tenant)
  const accounts = (await readPages((from) => chime.listAccounts({ MaxResults: 99, ...from }))).flatMap(
    ({ Accounts = [] }) => Accounts,
  )
  const users: User[] = []
  for (const { AccountId } of accounts)
    for (const { Users = [] } of await readPages((from) => chime.listUsers({ AccountId, MaxResults: 99, ...from })))
      users.push(...Users)
  const numbers = (await readPages((from) => chime.listPhoneNumbers({ MaxResults: 99, ...from }))).flatMap(
    ({ PhoneNumbers = [] }) => PhoneNumbers,
  )
  const intervals: Interval[] = []
  for (const { E164PhoneNumber = '' } of numbers)
    intervals.push(...(await readAll<Interval>(url, tenant, `/phone-numbers/${E164PhoneNumber.slice(1)}/assignments`)))
  return { accounts, users, numbers, orders, intervals, journal: await readJournal(url, tenant) }
}

interface Event {
  EventName: string
  EventTime: string
  RequestId?: string
  RequestParameters?: string
  CloudTrailEvent?: string
}

export const readJournal = async (url: string, tenant: Tenant): Promise<JournalLine[]> =>
  (await readAll<Event>(url, tenant, '/events')).map(toLine)

function toLine({
  EventName: name,
  EventTime,
  RequestId,
  RequestParameters = '{}',
  CloudTrailEvent,
}: Event): JournalLine {
  const plain = { requestID: RequestId, requestParameters: JSON.parse(RequestParameters) as unknown }
  const record = CloudTrailEvent === undefined ? plain : (JSON.parse(CloudTrailEvent) as typeof plain)
  const parameters = Object.entries((record.requestParameters ?? {}) as JournalLine['parameters'])
  return {
    name,
    time: Date.parse(EventTime),
    requestId: record.requestID ?? '',
    parameters: Object.fromEntries(
      parameters.map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
    ),
  }
}

/** Waits until no order is being processed. */
async function readOrders({ chime }: Tenant): Promise<PhoneNumberOrder[]> {
  let orders: PhoneNumberOrder[] = []
  const read = async () => {
    const pages = await readPages((from) => chime.listPhoneNumberOrders({ MaxResults: 99, ...from }))
    orders = pages.flatMap(({ PhoneNumberOrders = [] }) => PhoneNumberOrders)
    return orders.filter(({ Status }) => Status === 'Processing').length
  }
  await expect.poll(read, { timeout: 60_000, interval: 100 }).toBe(0)
  return orders
}

/** Reads all pages of a listing of Belfry's own API, whose pages have one list each. */
async function readAll<Item>(url: string, tenant: Tenant, path: string): Promise<Item[]> {
  const items: Item[] = []
  let token: unknown = ''
  while (typeof token === 'string') {
    const from = token === '' ? '' : `&next-token=${encodeURIComponent(token)}`
    const { status, json, body } = await callBelfry(url, tenant, `GET ${path}?max-results=99${from}`)
    expect(status, body).toBe(200)
    const [list = []] = Object.values(json).filter(Array.isArray) as Item[][]
    items.push(...list)
    token = json['NextToken']
  }
  return items
}
