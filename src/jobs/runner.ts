/** Runs the jobs of all domains periodically. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '../domains/job.ts'
import { type RunnerOptions, createRun } from './run.ts'
import { runCalls } from './run-calls.ts'
import { runTransactions } from './run-transactions.ts'

export interface JobRunner {
  /** Runs everything that is due by the clock. */
  runDue(): Promise<void>
  /** Begins to look for due work periodically. */
  start(): void
  /** Waits for steps in progress. */
  stop(): Promise<void>
}

const intervalMs = 250
const intervalAfterFailureMs = 2_000

/** Each job has a loop of its own, so one that waits for the network holds up no other. */
export function createJobRunner(options: RunnerOptions): JobRunner {
  const stopped = new AbortController()
  const loops = options.jobs.map((job) => ({ job, run: oneAtATime(() => runUntilIdle(job, options, stopped.signal)) }))
  let running: Promise<void>[] = []
  return {
    runDue: async () => void (await Promise.all(loops.map(({ run }) => run()))),
    start: () => void (running = loops.map(({ job, run }) => repeat(run, job.everyMs ?? intervalMs, stopped.signal))),
    stop: async () => {
      stopped.abort()
      await Promise.all(running)
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

async function repeat(run: () => Promise<void>, everyMs: number, stopped: AbortSignal) {
  while (!stopped.aborted) {
    const pause = await run().then(
      () => everyMs,
      () => Math.max(everyMs, intervalAfterFailureMs),
    )
    await sleep(pause, undefined, { signal: stopped }).catch(() => {})
  }
}

async function runUntilIdle(job: Job, options: RunnerOptions, stopped: AbortSignal) {
  const run = createRun(options, stopped)
  try {
    await ('findDue' in job ? runTransactions(job, run) : runCalls(job, run))
  } catch (error) {
    options.metrics.countJobFailure(job.name)
    options.log.error({ job: job.name, err: (error as Error).cause ?? error }, 'job failed')
    throw error
  }
}
