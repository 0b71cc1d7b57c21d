/** Runs the jobs of all domains, time and again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import type { Job, OperationSettings, Work } from '../service/handshake.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

export interface JobRunner {
  /** Does all that is due by the clock. */
  runDue(): Promise<void>
  /** Looks for due work every so often, from now on. */
  start(): void
  /** Waits for the work in hand. */
  stop(): Promise<void>
}

interface RunnerOptions {
  jobs: readonly Job[]
  database: Database
  clock: Clock
  log: Log
  metrics: Metrics
  settings: OperationSettings
}

const intervalMs = 250
const intervalAfterFailureMs = 2_000
const atMost = 100

export function createJobRunner(options: RunnerOptions): JobRunner {
  const stopped = new AbortController()
  let loop = Promise.resolve()
  const runDue = async () => {
    for (const job of options.jobs) await runOut(job, options, stopped.signal)
  }
  const run = async () => {
    while (!stopped.signal.aborted) {
      const pause = await runDue().then(
        () => intervalMs,
        () => intervalAfterFailureMs,
      )
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }
  return {
    runDue,
    start: () => void (loop = run()),
    stop: () => {
      stopped.abort()
      return loop
    },
  }
}

/** What fails now is still due, and is tried again the next time. */
async function runOut(job: Job, { database, clock, log, metrics, settings }: RunnerOptions, stopped: AbortSignal) {
  const now = clock().toISOString()
  const find = () => database.read((db) => job.findDue({ db, now, settings }, atMost))
  const perform = (work: Work) => database.write((db) => work({ db, now, settings }))
  try {
    for (let due = await find(); due.length > 0; due = await find()) {
      for (const work of due) {
        if (stopped.aborted) return
        await perform(work)
        metrics.countJob(job.name, 1)
      }
      log.info({ job: job.name, done: due.length }, 'job')
    }
  } catch (error) {
    metrics.countJobFailure(job.name)
    log.error({ job: job.name, err: (error as Error).cause ?? error }, 'job failed')
    throw error
  }
}
