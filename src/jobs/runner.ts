/** Runs the jobs of all domains, time and again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../contract/errors.ts'
import type { Database } from '../database/database.ts'
import type { OperationSettings } from '../domains/operation.ts'
import type { Job, Work } from '../domains/job.ts'
import type { Outside } from '../domains/outbound.ts'
import type { Clock } from '../primitives/clock.ts'
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
  outside: Outside
  clock: Clock
  log: Log
  metrics: Metrics
  settings: OperationSettings
}

const intervalMs = 250
const intervalAfterFailureMs = 2_000
const atMost = 100
/** How much of one job is done at a time: more would take the database away from the requests. */
const width = 4

/** Each job goes at its own pace: one that waits for the world holds up no other. */
export function createJobRunner(options: RunnerOptions): JobRunner {
  const stopped = new AbortController()
  const runs = options.jobs.map((job) => oneAtATime(() => runOut(job, options, stopped.signal)))
  let loops: Promise<void>[] = []
  return {
    runDue: async () => void (await Promise.all(runs.map((run) => run()))),
    start: () => void (loops = runs.map((run) => repeat(run, stopped.signal))),
    stop: async () => {
      stopped.abort()
      await Promise.all(loops)
    },
  }
}

/** Whoever calls while it runs gets a run of their own after that. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve()
  return () => {
    const next = last.then(run)
    last = next.catch(() => {})
    return next
  }
}

async function repeat(run: () => Promise<void>, stopped: AbortSignal) {
  while (!stopped.aborted) {
    const pause = await run().then(
      () => intervalMs,
      () => intervalAfterFailureMs,
    )
    await sleep(pause, undefined, { signal: stopped }).catch(() => {})
  }
}

/** What fails now is still due, and is tried again the next time. */
async function runOut(job: Job, options: RunnerOptions, stopped: AbortSignal) {
  const { database, clock, log, metrics, settings } = options
  const find = () => database.read((db) => job.findDue({ db, now: clock().toISOString(), settings }, atMost))
  try {
    for (let due = await find(); due.length > 0 && !stopped.aborted; due = await find()) {
      const todo = due.values()
      const ends = await Promise.allSettled(Array.from({ length: width }, () => workOff(job, todo, options, stopped)))
      const failure = ends.find((end) => end.status === 'rejected')
      if (failure) throw failure.reason
      log.info({ job: job.name, done: due.length }, 'job')
    }
  } catch (error) {
    metrics.countJobFailure(job.name)
    log.error({ job: job.name, err: (error as Error).cause ?? error }, 'job failed')
    throw error
  }
}

/** A piece that fails holds up no other; it is told at the end. */
async function workOff(job: Job, todo: Iterable<Work>, options: RunnerOptions, stopped: AbortSignal) {
  const failures: unknown[] = []
  for (const work of todo) {
    if (stopped.aborted) break
    await perform(work, options).then(
      () => options.metrics.countJob(job.name, 1),
      (error: unknown) => failures.push(error),
    )
    if (failures.at(-1) instanceof ServiceError) break // The store cannot serve: the others would fail alike.
  }
  if (failures.length > 0) throw failures[0]
}

async function perform(work: Work, options: RunnerOptions): Promise<void> {
  const { database, clock, settings, outside } = options
  const errand = await database.write((db) => work({ db, now: clock().toISOString(), settings }))
  if (errand) await perform(await errand(outside), options)
}
