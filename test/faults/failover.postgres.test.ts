/** A failover to the synchronous standby loses no acknowledged write. */
import { expect, test } from 'vitest'
import { runSql } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import { readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { copyPostgres, startPostgres } from '../support/postgres.ts'
import { administratorOf, serveReplicas } from '../support/server-process.ts'
import { createCallRecorder } from '../support/call-recorder.ts'

const clients = 16

test('replicas fail over under load from a killed primary to the promoted standby', { timeout: 300_000 }, async () => {
  const primary = await startPostgres()
  await primary.halt()
  const standby = await copyPostgres(primary)
  await primary.start()
  try {
    await runSql(primary.url, "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    await runSql(primary.url, 'SELECT pg_reload_conf()')
    // The standby is listed first, so clients have to skip it.
    const replicas = await serveReplicas(2, bothOf(standby.url, primary.url))
    const [url = '', other = ''] = replicas.map((replica) => replica.url)
    const recorder = createCallRecorder()
    const workload = await prepareWorkload(recorder, url, administratorOf(url))
    const stop = new AbortController()
    const tenants = [administratorOf(url), administratorOf(other)]
    const work = Array.from({ length: clients / 2 }).flatMap(() =>
      tenants.map(({ chime }) => runClient(chime, workload, () => stop.signal.aborted)),
    )
    const count = (outcome: string) => recorder.calls.filter((call) => call.outcome === outcome).length
    const untilMore = (outcome: string, target = count(outcome) + 50) =>
      expect.poll(() => count(outcome), { timeout: 60_000, interval: 10 }).toBeGreaterThan(target)
    await untilMore('done')
    await primary.kill()
    await untilMore('unknown')
    await runSql(standby.url, 'SELECT pg_promote()')
    await untilMore('done')
    stop.abort()
    await Promise.all(work)
    const failures = recorder.calls.filter(({ outcome }) => outcome === 'unknown')
    expect(new Set(failures.map(({ status }) => status))).toEqual(new Set([503]))
    expect(findFaults(recorder.calls, await readState(url, administratorOf(url)))).toEqual([])
    for (const replica of replicas) expect(await replica.end('SIGTERM')).toBe(0)
  } finally {
    await standby.stop()
    await primary.stop()
  }
})

const bothOf = (first: string, second: string) =>
  `${first.replace(/\/postgres$/, '')},${new URL(second).host}/postgres?target_session_attrs=read-write`
