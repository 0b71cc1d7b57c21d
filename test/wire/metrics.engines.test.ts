/** The metrics at /metrics, and access to them. */
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../support/belfry.ts'
import { givenAccount, givenAssignable, givenNumbers } from '../support/given.ts'
import { sendSigned } from '../support/raw.ts'

const { belfry, tenant } = await useBelfry()

async function scrape(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/metrics`, { headers })
  const body = await answer.text()
  return { status: answer.status, type: answer.headers.get('content-type'), body, samples: read(body) }
}

/** Returns the values by name and labels as they are written. */
const read = (body: string) =>
  Object.fromEntries(
    body
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

test('requests are counted by operation and status, and their durations are summed', async () => {
  const before = (await scrape(belfry.url)).samples
  const account = await givenAccount(tenant)
  await tenant.chime.getAccount({ AccountId: account })
  await tenant.chime.getAccount({ AccountId: 'nobody' }).catch(() => {})
  const { status, type, samples } = await scrape(belfry.url)
  const grown = (name: string) => (samples[name] ?? 0) - (before[name] ?? 0)
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(grown('belfry_requests_total{operation="CreateAccount",status="201"}')).toBe(1)
  expect(grown('belfry_requests_total{operation="GetAccount",status="200"}')).toBe(1)
  expect(grown('belfry_requests_total{operation="GetAccount",status="404"}')).toBe(1)
  expect(grown('belfry_request_duration_seconds_count{operation="GetAccount"}')).toBe(2)
  expect(samples['belfry_request_duration_seconds_sum{operation="GetAccount"}']).toBeGreaterThan(0)
})

test('requests without an operation are counted under none, and no label contains input', async () => {
  await fetch(`${belfry.url}/accounts/secret-in-the-path`)
  await sendSigned(belfry.url, tenant, { path: '/secret-in-the-path?operation=secret-in-the-query' })
  const { body, samples } = await scrape(belfry.url)
  expect(samples['belfry_requests_total{operation="none",status="403"}']).toBeGreaterThan(0)
  expect(samples['belfry_requests_total{operation="none",status="404"}']).toBeGreaterThan(0)
  expect(body).not.toContain('secret')
  expect(body).not.toContain(tenant.awsAccountId)
})

test('writes and commits are counted', async () => {
  const before = (await scrape(belfry.url)).samples
  await Promise.all(Array.from({ length: 8 }, () => givenAccount(tenant)))
  const { samples } = await scrape(belfry.url)
  const grown = (name: string) => (samples[name] ?? 0) - (before[name] ?? 0)
  expect(grown('belfry_writes_total')).toBe(8)
  expect(grown('belfry_commits_total')).toBeGreaterThanOrEqual(1)
  expect(grown('belfry_commits_total')).toBeLessThanOrEqual(8)
})

test('phone numbers are counted by status, and jobs by task', async () => {
  const fresh = await startBelfry()
  const owner = await fresh.tenant()
  const assignable = await givenAssignable(fresh, owner)
  await owner.chime.associatePhoneNumberWithUser(assignable)
  const [spare = ''] = await givenNumbers(fresh, owner, 3)
  await owner.chime.deletePhoneNumber({ PhoneNumberId: spare })
  const { samples } = await scrape(fresh.url)
  expect(samples).toMatchObject({
    'belfry_phone_numbers{status="Assigned"}': 1,
    'belfry_phone_numbers{status="Unassigned"}': 2,
    'belfry_phone_numbers{status="ReleaseInProgress"}': 1,
    'belfry_jobs_done_total{task="CompletePhoneNumberOrder"}': 2,
    'belfry_jobs_waiting{task="CompletePhoneNumberOrder"}': 0,
    'belfry_jobs_waiting{task="PurgePhoneNumber"}': 1,
  })
})

test('memory and CPU time of the process are reported', async () => {
  const { samples } = await scrape(belfry.url)
  expect(samples['process_resident_memory_bytes']).toBeGreaterThan(1_000_000)
  expect(samples['process_cpu_seconds_total']).toBeGreaterThan(0)
})

describe('access to /metrics', () => {
  const forbidden = { status: 403, type: 'application/json' }

  test('is limited to this machine if no token is set', async () => {
    const open = await startBelfry({ HOST: '0.0.0.0' })
    const { port } = new URL(open.url)
    for (const host of ['127.0.0.1', '127.0.0.2', 'localhost'])
      expect(await scrape(`http://${host}:${port}`)).toMatchObject({ status: 200 })
    for (const address of outerAddresses())
      expect(await scrape(`http://${address}:${port}`), address).toMatchObject(forbidden)
  })

  test.each(['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via'])(
    'is refused to a proxy on this machine, known by its %s, unless it has the token',
    async (name) => {
      expect(await scrape(belfry.url, { [name]: '127.0.0.1' })).toMatchObject(forbidden)
      const token = 'a-token-of-some-length'
      const guarded = await startBelfry({ METRICS_TOKEN: token })
      const headers = { [name]: '127.0.0.1', authorization: `Bearer ${token}` }
      expect(await scrape(guarded.url, headers)).toMatchObject({ status: 200 })
    },
  )

  test('requires the token if one is set', async () => {
    const token = 'a-token-of-some-length'
    const guarded = await startBelfry({ METRICS_TOKEN: token })
    expect(await scrape(guarded.url, { authorization: `Bearer ${token}` })).toMatchObject({ status: 200 })
    for (const authorization of [
      '',
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      token,
      'Bearer ',
      `Basic ${token}`,
    ])
      expect(await scrape(guarded.url, { authorization }), authorization).toMatchObject(forbidden)
    const refused = await scrape(guarded.url)
    expect(refused).toMatchObject(forbidden)
    expect(JSON.parse(refused.body)).toEqual({ Code: 'AccessDenied', Message: 'The metrics are not for everybody' })
  })
})

/** Addresses of this machine that other machines can reach. */
const outerAddresses = () =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
