/** While PostgreSQL is unavailable under load, requests get 503. Afterwards servers recover without a restart. */
import { expect, test } from 'vitest'
import { runSql } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import { isFullRun } from '../support/test-mode.ts'
import { readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { administratorOf, serveReplicas } from '../support/server-process.ts'
import { type CallRecorder, createCallRecorder } from '../support/call-recorder.ts'

const rounds = isFullRun ? 3 : 1
const clients = 16

interface Outage {
  begin(server: PostgresServer): Promise<void>
  end(server: PostgresServer): Promise<void>
}

const readOnly = (value: 'on' | 'off') => async (server: PostgresServer) => {
  await runSql(server.url, `ALTER SYSTEM SET default_transaction_read_only = ${value}`)
  await runSql(server.url, 'SELECT pg_reload_conf()')
}

/** Affects new connections only; open connections keep their setting. */
const readOnlyAnew = (value: 'on' | 'off') => (server: PostgresServer) =>
  runSql(server.url, `BEGIN READ WRITE; ALTER DATABASE postgres SET default_transaction_read_only = ${value}; COMMIT`)

async function beginReadOnlyAnew(server: PostgresServer) {
  await readOnlyAnew('on')(server)
  await runSql(server.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()')
}

const outages: readonly [string, Outage][] = [
  ['crashes', { begin: (server) => server.kill(), end: (server) => server.start() }],
  ['is restarted', { begin: (server) => server.halt(), end: (server) => server.start() }],
  ['refuses writes', { begin: readOnly('on'), end: readOnly('off') }],
  ['refuses writes on new connections', { begin: beginReadOnlyAnew, end: readOnlyAnew('off') }],
]

test.for(outages)('servers recover when the database %s', { timeout: 300_000 }, async ([, outage]) => {
  const server = await startPostgres()
  try {
    const replicas = await serveReplicas(2, server.url)
    const [url = '', other = ''] = replicas.map((replica) => replica.url)
    const recorder = createCallRecorder()
    const workload = await prepareWorkload(recorder, url, administratorOf(url))
    const stop = new AbortController()
    const tenants = [administratorOf(url), administratorOf(other)]
    const work = Array.from({ length: clients / 2 }).flatMap(() =>
      tenants.map(({ chime }) => runClient(chime, workload, () => stop.signal.aborted)),
    )
    for (let round = 0; round < rounds; round++) {
      await untilMore(recorder, 'done', 30)
      await outage.begin(server)
      await untilMore(recorder, 'unknown', 30)
      await outage.end(server)
      await untilMore(recorder, 'done', 30)
    }
    await untilWell(recorder)
    stop.abort()
    await Promise.all(work)
    const failures = recorder.calls.filter(({ outcome }) => outcome === 'unknown')
    expect(new Set(failures.map(({ status }) => status))).toEqual(new Set([503]))
    expect(findFaults(recorder.calls, await readState(other, administratorOf(other)))).toEqual([])
    for (const replica of replicas) expect(await replica.end('SIGTERM')).toBe(0)
  } finally {
    await server.stop()
  }
})

/** Waits for this many more writes with the outcome. */
async function untilMore({ calls }: CallRecorder, outcome: 'done' | 'unknown', more: number) {
  const count = () => calls.filter((call) => !call.name.startsWith('Get') && call.outcome === outcome).length
  const target = count() + more
  await expect.poll(count, { timeout: 60_000, interval: 10 }).toBeGreaterThan(target)
}

/** Waits until no recent call failed. */
const untilWell = ({ calls }: CallRecorder) =>
  expect
    .poll(() => calls.slice(-300).filter(({ outcome }) => outcome === 'unknown').length, {
      timeout: 20_000,
      interval: 10,
    })
    .toBe(0)
