/** From the first start on an empty database, Belfry sends PostgreSQL only SQL that compatible databases accept. */
import { expect, test } from 'vitest'
import { findFaults } from '../../../test/support/checker.ts'
import { readState } from '../../../test/support/final-state.ts'
import { prepareWorkload, runClient } from '../../../test/support/workload.ts'
import { findUnportable } from '../../../test/support/portable.ts'
import { startPostgres } from '../../../test/support/postgres.ts'
import { administratorOf, serveReplicas } from '../../../test/support/server-process.ts'
import { createCallRecorder } from '../../../test/support/call-recorder.ts'

test.each([
  'select pg_advisory_lock(1)',
  'LISTEN changes',
  'DO $$ begin end $$',
  'create temporary table t (a int)',
  'select * from t order by ctid',
])('the check reports the statement "%s"', (statement) =>
  expect(findUnportable(['select 1', statement])).toEqual([statement]),
)

test('three replicas that start at once and serve requests send only portable SQL', { timeout: 300_000 }, async () => {
  const server = await startPostgres()
  try {
    const replicas = await serveReplicas(3, server.url)
    const [{ url } = { url: '' }] = replicas
    const [recorder, tenant] = [createCallRecorder(), administratorOf(url)]
    const workload = await prepareWorkload(recorder, url, tenant)
    const until = Date.now() + 1_000
    await Promise.all(Array.from({ length: 8 }, () => runClient(tenant.chime, workload, () => Date.now() > until)))
    expect(findFaults(recorder.calls, await readState(url, tenant))).toEqual([])
    const statements = await server.statements()
    expect([...statements].filter((text) => text.startsWith('create table')).length).toBeGreaterThan(10)
    expect([...statements].filter((text) => text.startsWith('insert into "assignments"')).length).toBeGreaterThan(0)
    expect(findUnportable(statements)).toEqual([])
  } finally {
    await server.stop()
  }
})
