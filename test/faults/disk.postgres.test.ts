/** While the disk of PostgreSQL fails under load, requests get 503. Afterwards they succeed, and no acknowledged write is lost. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runSql } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import {
  type DiskFault,
  type FaultyDisk,
  createFaultyDisk,
  createFullDisk,
  requireDisk,
} from '../support/faulty-disk.ts'
import { readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { type PostgresServer, giveFolder, startPostgres } from '../support/postgres.ts'
import { administratorOf, listFailedChecks, serve } from '../support/server-process.ts'
import { type Call, type CallRecorder, createCallRecorder } from '../support/call-recorder.ts'

const clients = 16

/** Only writes that extend a file fail. */
test('Belfry recovers from each failure of the disk with the tables', { timeout: 300_000 }, async ({ skip }) => {
  const faults = requireFaults(['read-only', 'over-quota', 'broken'], skip)
  const { server, folder } = await startOn(faults)
  await runSql(server.url, `CREATE TABLESPACE disk LOCATION '${giveFolder(join(folder, 'tables'))}'`)
  await runSql(server.url, 'CREATE DATABASE belfry TABLESPACE disk')
  await endure(server, faults, async (disk, recorder) => {
    disk.fail()
    await untilMore(recorder, 'unknown', 50)
    disk.mend()
  })
})

/** PostgreSQL panics, and the test may have to start it again. */
test(
  'Belfry recovers from each failure of the disk with the write-ahead log',
  { timeout: 300_000 },
  async ({ skip }) => {
    const faults = requireFaults(['broken', 'sync'], skip)
    const { server } = await startOn(faults, 'log')
    await runSql(server.url, 'CREATE DATABASE belfry')
    await endure(server, faults, async (disk, recorder) => {
      disk.fail()
      await untilMore(recorder, 'unknown', 250)
      const [from, until] = [Date.now(), await untilMore(recorder, 'unknown', 250)]
      disk.mend()
      await server.start()
      const isAcknowledged = ({ name, outcome, begin, end }: Call) =>
        outcome === 'done' && !name.startsWith('Get') && begin > from && end < until
      if (disk.stopsAll) expect(recorder.calls.filter(isAcknowledged)).toEqual([])
    })
  },
)

/** The faults of one disk. It is really full if this user may mount a small disk. */
function requireFaults(ways: readonly DiskFault[], skip: (reason: string) => never): FaultyDisk[] {
  const mounted = createFullDisk(64)
  const full = typeof mounted === 'string' ? requireDisk(() => createFaultyDisk('full'), skip) : mounted
  return [full, ...ways.map((how) => requireDisk(() => createFaultyDisk(how, full.folder), skip))]
}

/** @param log the folder of the write-ahead log on the disk; by default it is not on that disk */
async function startOn(faults: readonly FaultyDisk[], log?: string) {
  const { folder = '', environment } = faults.at(-1) ?? {}
  chmodSync(folder, 0o755)
  const server = await startPostgres({ environment, log: log && join(folder, log) })
  onTestFinished(() => server.stop())
  return { server, folder }
}

type BreakAndMend = (disk: FaultyDisk, recorder: CallRecorder) => Promise<void>

/** Puts the database "belfry" under load, and checks its state after the faults and again after a crash. */
async function endure(server: PostgresServer, faults: readonly FaultyDisk[], breakAndMend: BreakAndMend) {
  const databaseUrl = server.url.replace(/[^/]*$/, 'belfry')
  const { url } = await serve(databaseUrl)
  const recorder = createCallRecorder()
  const tenant = administratorOf(url)
  const workload = await prepareWorkload(recorder, url, tenant)
  const stop = new AbortController()
  const work = Array.from({ length: clients }, () => runClient(tenant.chime, workload, () => stop.signal.aborted))
  for (const disk of faults) {
    await untilMore(recorder, 'done', 50)
    await breakAndMend(disk, recorder)
    expect(statusesOf(recorder.calls.filter(isUnknown))).toEqual(new Set([503]))
  }
  const healed = await untilMore(recorder, 'done', 50)
  await untilMore(recorder, 'done', 50)
  stop.abort()
  await Promise.all(work)
  expect(statusesOf(recorder.calls.filter(isUnknown))).toEqual(new Set([503]))
  expect(recorder.calls.filter((call) => isUnknown(call) && call.begin > healed)).toEqual([])
  expect(findFaults(recorder.calls, await readState(url, tenant))).toEqual([])
  await server.kill()
  await server.start()
  const next = await serve(databaseUrl)
  expect(findFaults(recorder.calls, await readState(next.url, administratorOf(next.url)))).toEqual([])
  expect(await listFailedChecks(databaseUrl)).toEqual([])
}

const isUnknown = ({ outcome }: Call) => outcome === 'unknown'
const statusesOf = (calls: readonly Call[]) => new Set(calls.map(({ status }) => status))

/** Waits for this many more writes with the outcome, and returns the time. */
async function untilMore({ calls }: CallRecorder, outcome: 'done' | 'unknown', more: number): Promise<number> {
  const count = () => calls.filter((call) => !call.name.startsWith('Get') && call.outcome === outcome).length
  const target = count() + more
  await expect.poll(count, { timeout: 60_000, interval: 10 }).toBeGreaterThan(target)
  return Date.now()
}
