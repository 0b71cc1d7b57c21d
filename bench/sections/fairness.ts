/** How long others wait while one key asks for what takes long. */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Bench, Goal, Row, Section } from '../types.ts'
import { accountId, credentials } from '../data.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { addStockAndJournal } from '../fairness-data.ts'
import type { Credentials } from '../generator/plan.ts'
import { startBelfry } from '../servers/belfry.ts'
import { signedFetch } from '../signed-fetch.ts'
import { median, quantile } from '../statistics.ts'

const idle = 'Nothing else'

const calls: readonly (readonly [string, string | undefined])[] = [
  [idle, undefined],
  ['ListStock', '/belfry/stock'],
  ['ListEvents of a resource that is not there', '/belfry/events?resource-id=nope'],
  ['ListEvents with a name that is not there', '/belfry/events?event-name=Nope'],
  ['ListEvents from 2040 on', '/belfry/events?start-time=2040-01-01T00:00:00Z'],
  ['ListEvents until 2001', '/belfry/events?end-time=2001-01-01T00:00:00Z'],
  ['Search: a state and an area that do not meet', '/search?type=phone-numbers&area-code=206&state=OR'],
  [
    'Search: a type and an area that do not meet',
    '/search?type=phone-numbers&area-code=206&phone-number-type=TollFree',
  ],
  ['Search: a city', '/search?type=phone-numbers&city=Yakima&state=WA&max-results=500'],
  ['ListPhoneNumbers: assigned', '/phone-numbers?status=Assigned'],
  ['ListPhoneNumbers: of a product type', '/phone-numbers?product-type=VoiceConnector'],
  ['ListPhoneNumbers: in the deletion queue', '/phone-numbers?status=ReleaseInProgress'],
  ['ListPhoneNumbers: of a user', '/phone-numbers?filter-name=UserId&filter-value=nobody'],
  ['ListUsers: shared devices', `/accounts/${accountId}/users?user-type=SharedDevice`],
  ['ListUsers: by address', `/accounts/${accountId}/users?user-email=nobody%40example.com`],
  ['ListAccounts: by name', '/accounts?name=x'],
  ['/metrics', '/metrics'],
]

export async function measureFairness(bench: Bench): Promise<Section> {
  const { large } = bench.sizes
  const file = await makeDatabase(bench, 'fairness', large)
  bench.print(`  adding ${large} numbers to the stock and ${large} events to the journal`)
  await addStockAndJournal(file, large)
  const { url, stop } = await startBelfry(`sqlite:${file}`, bench.folder)
  const other = await makeKey(url)
  const rows: Row[] = []
  for (const connections of [1, 10])
    for (const [label, path] of calls)
      if (path !== undefined || connections === 1)
        rows.push(await measure(bench, { url, other, path, connections, label: labelOf(label, connections) }))
  await stop()
  removeDatabase(file)
  return { title: 'Fairness', about: about(large), rows, goals: goals(rows), notes: [] }
}

const labelOf = (label: string, connections: number) =>
  connections === 1 ? label : `${label}, ${connections} at a time`

const Key = z.object({ AccessKey: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() }) })

/** The key of another client. */
async function makeKey(url: string): Promise<Credentials> {
  const principal = { PrincipalName: 'other', PrincipalType: 'Administrator' }
  await signedFetch(url, credentials, { method: 'POST', path: '/belfry/principals', body: principal })
  const path = '/belfry/principals/other/access-keys'
  const { AccessKey } = Key.parse(await signedFetch(url, credentials, { method: 'POST', path, body: {} }))
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
}

interface Scenario {
  url: string
  other: Credentials
  path: string | undefined
  connections: number
  label: string
}

/** Each value is the p99 of the others in a round; p50 and p99 are those of the call itself. */
async function measure({ pace }: Bench, { url, other, path, connections, label }: Scenario): Promise<Row> {
  const values: number[] = []
  const own: number[] = []
  for (let round = 0; round < pace.rounds; round++) {
    const until = performance.now() + pace.seconds * 1000
    const [others] = await Promise.all([
      repeat(until, () => getAccount(url, other), 10),
      ...Array.from({ length: path === undefined ? 0 : connections }, async () =>
        own.push(...(await repeat(until, () => call(url, path ?? '')))),
      ),
    ])
    values.push(quantile(sorted(others), 0.99))
  }
  const times = sorted(own)
  const ofCall = path === undefined ? {} : { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
  return { label, unit: 'ms', values, ...ofCall }
}

const sorted = (values: readonly number[]) => values.toSorted((one, other) => one - other)

/** Returns how long each took. */
async function repeat(until: number, act: () => Promise<unknown>, pauseMs = 0): Promise<number[]> {
  const times: number[] = []
  do {
    const began = performance.now()
    await act()
    times.push(performance.now() - began)
    if (pauseMs > 0) await sleep(pauseMs)
  } while (performance.now() < until)
  return times
}

const getAccount = (url: string, key: Credentials) => signedFetch(url, key, { path: `/accounts/${accountId}` })

const call = (url: string, path: string) =>
  path === '/metrics' ? fetch(url + path).then((answer) => answer.text()) : signedFetch(url, credentials, { path })

const about = (count: number) =>
  `What another key's GetAccount takes at the 99th percentile, one every ten milliseconds, while one key asks for what its filters make rare,
again and again: ${count.toLocaleString('en')} users, numbers, numbers in stock and events. The median and the p99 in the last columns are those of the call itself.`

const goals = (rows: readonly Row[]): Goal[] => [
  {
    label: 'Others beside the worst of these calls: p99',
    value: Math.max(...rows.map(({ values }) => median(values))),
    atMost: 25,
    unit: 'ms',
  },
]
