/** Replicas restart under load behind a load balancer that probes their readiness. */
import { expect, test } from 'vitest'
import { newDatabase } from '../support/belfry.ts'
import { type LoadBalancer, startLoadBalancer } from '../support/load-balancer.ts'
import { findFaults } from '../support/checker.ts'
import { isFullRun } from '../support/test-mode.ts'
import { readState } from '../support/final-state.ts'
import { type Workload, prepareWorkload, runClient } from '../support/workload.ts'
import type { Running } from '../support/process.ts'
import { administratorOf, serve, serveReplicas } from '../support/server-process.ts'
import { createCallRecorder } from '../support/call-recorder.ts'

const clients = 16

test('a rolling restart fails no request', { timeout: 300_000 }, async () => {
  const databaseUrl = await newDatabase()
  // The load balancer probes twenty times a second, but on a busy machine a response may take a while.
  const settings = { BELFRY_DRAIN_DELAY_MS: '3000' }
  const { balancer, replicas, workload, load } = await start(databaseUrl, settings)
  for (let index = 0; index < replicas.length; index++) {
    await untilMore(workload, 50)
    expect(await replicas[index]?.end('SIGTERM')).toBe(0)
    replicas[index] = await serve(databaseUrl, settings)
    await admit(balancer, replicas)
  }
  await load.stop()
  expect(workload.recorder.calls.filter(({ outcome }) => outcome === 'unknown')).toEqual([])
  expect(findFaults(workload.recorder.calls, await readState(balancer.url, administratorOf(balancer.url)))).toEqual([])
})

test('replicas that are killed at random moments lose no acknowledged write', { timeout: 300_000 }, async () => {
  const databaseUrl = await newDatabase()
  const { balancer, replicas, workload, load } = await start(databaseUrl)
  for (let round = 0; round < (isFullRun ? 10 : 2); round++) {
    await untilMore(workload, 50)
    await replicas.shift()?.end('SIGKILL')
    replicas.push(await serve(databaseUrl))
    await admit(balancer, replicas)
  }
  await load.stop()
  expect(findFaults(workload.recorder.calls, await readState(balancer.url, administratorOf(balancer.url)))).toEqual([])
})

async function start(databaseUrl: string, settings: Record<string, string> = {}) {
  const replicas = await serveReplicas(3, databaseUrl, settings)
  const balancer = await startLoadBalancer()
  await admit(balancer, replicas)
  const tenant = administratorOf(balancer.url)
  const workload = await prepareWorkload(createCallRecorder(), balancer.url, tenant)
  const stop = new AbortController()
  const work = Array.from({ length: clients }, () => runClient(tenant.chime, workload, () => stop.signal.aborted))
  const load = {
    async stop() {
      stop.abort()
      await Promise.all(work)
    },
  }
  return { balancer, replicas, workload, load }
}

async function admit(balancer: LoadBalancer, replicas: readonly Running[]) {
  balancer.use(replicas.map(({ url }) => url))
  await expect.poll(balancer.ready, { timeout: 60_000, interval: 20 }).toBe(replicas.length)
}

async function untilMore({ recorder }: Workload, more: number) {
  const count = () => recorder.calls.filter(({ outcome }) => outcome === 'done').length
  const target = count() + more
  await expect.poll(count, { timeout: 60_000, interval: 10 }).toBeGreaterThan(target)
}
