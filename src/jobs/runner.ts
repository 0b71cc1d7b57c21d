/** Runs the jobs of all domains periodically. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../contract/errors.ts'
import type { Database } from '../database/database.ts'
import type { OperationSettings } from '../domains/operation.ts'
import type { Job, JobStep } from '../domains/job.ts'
import type { Outbound } from '../domains/outbound.ts'
import type { Clock } from '../primitives/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

export interface JobRunner {
  /** Runs everything that is due by the clock. */
  runDue(): Promise<void>
  /** Begins to look for due work periodically. */
  start(): void
  /** Waits for steps in progress. */
  stop(): Promise<void>
}

interface RunnerOptions {
  jobs: readonly Job[]
  database: Database
  outbound: Outbound
  clock: Clock
  log: Log
  metrics: Metrics
  settings: OperationSettings
}

const intervalMs = 250
const intervalAfterFailureMs = 2_000
const atMost = 100
/** Steps of one job at a time. More would take the database away from the requests. */
const concurrency = 4

/** Each job has a loop of its own, so one that waits for the network holds up no other. */
export function createJobRunner(options: RunnerOptions): JobRunner {
  const stopped = new AbortController()
  const runs = options.jobs.map((job) => oneAtATime(() => runUntilIdle(job, options, stopped.signal)))
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

/** A call during a run starts another run after it. */
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

/** Runs a job until nothing is due. A step that fails is still due, and is tried again the next time. */
async function runUntilIdle(job: Job, options: RunnerOptions, stopped: AbortSignal) {
  const { database, clock, log, metrics, settings } = options
  const find = () => database.read((db) => job.findDue({ db, now: clock().toISOString(), settings }, atMost))
  try {
    for (let due = await find(); due.length > 0 && !stopped.aborted; due = await find()) {
      const queue = due.values()
      const outcomes = await Promise.allSettled(
        Array.from({ length: concurrency }, () => runSteps(job, queue, options, stopped)),
      )
      const failure = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failure) throw failure.reason
      log.info({ job: job.name, done: due.length }, 'job')
    }
  } catch (error) {
    metrics.countJobFailure(job.name)
    log.error({ job: job.name, err: (error as Error).cause ?? error }, 'job failed')
    throw error
  }
}

/** A step that fails holds up no other; the first failure is thrown at the end. */
async function runSteps(job: Job, queue: Iterable<JobStep>, options: RunnerOptions, stopped: AbortSignal) {
  const failures: unknown[] = []
  for (const step of queue) {
    if (stopped.aborted) break
    await runStep(step, options).then(
      () => options.metrics.countJob(job.name, 1),
      (error: unknown) => failures.push(error),
    )
    if (failures.at(-1) instanceof ServiceError) break // The store cannot serve, so the other steps would fail too.
  }
  if (failures.length > 0) throw failures[0]
}

async function runStep(step: JobStep, options: RunnerOptions): Promise<void> {
  const { database, clock, settings, outbound } = options
  const outboundStep = await database.write((db) => step({ db, now: clock().toISOString(), settings }))
  if (outboundStep) await runStep(await outboundStep(outbound), options)
}
