/** While the disk fails under load, requests get 503. Afterwards they succeed, and no acknowledged write is lost. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFaults } from '../support/checker.ts'
import { isFullRun } from '../support/test-mode.ts'
import { type FaultyDisk, createFaultyDisk, createFullDisk, requireDisk } from '../support/faulty-disk.ts'
import { readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { administratorOf, listFailedChecks, serve } from '../support/server-process.ts'
import { type CallRecorder, createCallRecorder } from '../support/call-recorder.ts'

const rounds = isFullRun ? 5 : 1
const clients = 16

const disks: readonly [string, () => FaultyDisk | string][] = [
  ['is full', createFullDisk],
  ['has no room left for a write', () => createFaultyDisk('full')],
  ['is read-only', () => createFaultyDisk('read-only')],
  ['cannot sync', () => createFaultyDisk('sync')],
]

test.for(disks)('Belfry recovers from a disk that %s', { timeout: 300_000 }, async ([, create], { skip }) => {
  const disk = requireDisk(create, skip)
  const databaseUrl = `sqlite:${join(disk.folder, 'belfry.db')}`
  const server = await serve(databaseUrl, disk.environment)
  const recorder = createCallRecorder()
  const tenant = administratorOf(server.url)
  const workload = await prepareWorkload(recorder, server.url, tenant)
  const stop = new AbortController()
  const work = Array.from({ length: clients }, () => runClient(tenant.chime, workload, () => stop.signal.aborted))
  for (let round = 0; round < rounds; round++) await breakAndMend(disk, recorder)
  stop.abort()
  await Promise.all(work)
  expect(new Set(recorder.calls.map(({ status }) => status))).not.toContain(undefined)
  expect(findFaults(recorder.calls, await readState(server.url, tenant))).toEqual([])
  await server.end('SIGKILL')
  const next = await serve(databaseUrl, disk.environment)
  expect(findFaults(recorder.calls, await readState(next.url, administratorOf(next.url)))).toEqual([])
  expect(await listFailedChecks(databaseUrl)).toEqual([])
})

async function breakAndMend(disk: FaultyDisk, recorder: CallRecorder) {
  await untilMore(recorder, 'done', 50)
  disk.fail()
  await untilMore(recorder, 'unknown', 50)
  const [from, until] = [Date.now(), await untilMore(recorder, 'unknown', 50)]
  disk.mend()
  await untilMore(recorder, 'done', 20)
  const isAcknowledged = ({ name, outcome, begin, end }: CallRecorder['calls'][number]) =>
    outcome === 'done' && !name.startsWith('Get') && begin > from && end < until
  if (disk.stopsAll) expect(recorder.calls.filter(isAcknowledged)).toEqual([])
}

/** Waits for this many more writes with the outcome, and returns the time. */
async function untilMore({ calls }: CallRecorder, status: 'done' | 'unknown', more: number): Promise<number> {
  const count = () => calls.filter(({ name, outcome }) => !name.startsWith('Get') && outcome === status).length
  const before = count()
  await expect.poll(count, { timeout: 60_000, interval: 10 }).toBeGreaterThan(before + more)
  return Date.now()
}
