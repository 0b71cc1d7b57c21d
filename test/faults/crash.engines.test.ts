/** Acknowledged writes survive a crash, and the next start completes pending jobs. */
import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { newDatabase } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import { isFullRun } from '../support/test-mode.ts'
import { readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { administratorOf, listFailedChecks, serve } from '../support/server-process.ts'
import { createCallRecorder } from '../support/call-recorder.ts'

const rounds = isFullRun ? 50 : 5
const clients = 16

test(`${rounds} times kill -9 during writes loses no acknowledged write and leaves no partial one`, async () => {
  const databaseUrl = await newDatabase()
  const recorder = createCallRecorder()
  let server = await serve(databaseUrl)
  const workload = await prepareWorkload(recorder, server.url, administratorOf(server.url))
  for (let round = 0; round < rounds; round++) {
    const before = recorder.calls.length
    const { chime } = administratorOf(server.url)
    const work = Array.from({ length: clients }, () =>
      runClient(chime, workload, (call) => call?.outcome === 'unknown'),
    )
    const target = before + clients + randomInt(100)
    await expect.poll(() => recorder.calls.length, { timeout: 60_000, interval: 1 }).toBeGreaterThan(target)
    await server.end('SIGKILL')
    await Promise.all(work)
    server = await serve(databaseUrl)
  }
  expect(findFaults(recorder.calls, await readState(server.url, administratorOf(server.url)))).toEqual([])
  expect(await listFailedChecks(databaseUrl)).toEqual([])
  expect(await server.end('SIGTERM')).toBe(0)
}, 600_000)

test('an order accepted before a crash is completed after the restart', async () => {
  const databaseUrl = await newDatabase()
  const first = await serve(databaseUrl, { BELFRY_ORDER_DELAY_MS: '1000' }, '--demo')
  const { PhoneNumberOrder: accepted } = await administratorOf(first.url).chime.createPhoneNumberOrder({
    ProductType: 'BusinessCalling',
    E164PhoneNumbers: ['+12065550150', '+19999999999'],
  })
  expect(accepted?.Status).toBe('Processing')
  await first.end('SIGKILL')
  const second = await serve(databaseUrl)
  const { chime } = administratorOf(second.url)
  const read = async () =>
    (await chime.getPhoneNumberOrder({ PhoneNumberOrderId: accepted?.PhoneNumberOrderId ?? '' })).PhoneNumberOrder
  await expect.poll(async () => (await read())?.Status, { timeout: 10_000 }).toBe('Partial')
  expect((await read())?.OrderedPhoneNumbers).toEqual([
    { E164PhoneNumber: '+12065550150', Status: 'Acquired' },
    { E164PhoneNumber: '+19999999999', Status: 'Failed' },
  ])
})
