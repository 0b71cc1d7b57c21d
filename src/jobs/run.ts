/** One run of a job: its transactions, of which few are open at a time, and what failed. */
import { ServiceError } from '../contract/errors.ts'
import type { Database } from '../database/database.ts'
import type { Job, JobContext } from '../domains/job.ts'
import type { OperationSettings } from '../domains/operation.ts'
import type { Outbound } from '../domains/outbound.ts'
import type { Clock } from '../primitives/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createLimit } from './limit.ts'

export interface RunnerOptions {
  jobs: readonly Job[]
  database: Database
  outbound: Outbound
  clock: Clock
  log: Log
  metrics: Metrics
  settings: OperationSettings
}

export interface Run {
  options: RunnerOptions
  read<Result>(find: (context: JobContext) => Promise<Result>): Promise<Result>
  /** Runs one of the few transactions that may be open at a time. */
  transact<Result>(step: (context: JobContext) => Promise<Result>): Promise<Result>
  /** The same for work that need not begin now: nothing happens once the run is over. */
  begin<Result>(step: (context: JobContext) => Promise<Result>): Promise<Result | undefined>
  /** Takes down a failure, so that it holds up no other step. */
  attempt<Result>(act: () => Promise<Result>): Promise<Result | void>
  /** Whether no further work should begin: the server stops, or the store cannot serve, so the other steps would fail too. */
  isOver(): boolean
  hasFailed(): boolean
  /** Throws the first failure. */
  end(): void
}

/** More would take the database away from the requests. */
const transactionsAtMost = 4

export function createRun(options: RunnerOptions, stopped: AbortSignal): Run {
  const { database, clock, settings } = options
  const limit = createLimit(transactionsAtMost)
  const failures: unknown[] = []
  const isOver = () => stopped.aborted || failures.some((failure) => failure instanceof ServiceError)
  const write: Run['transact'] = (step) => database.write((db) => step({ db, now: clock().toISOString(), settings }))
  return {
    options,
    read: (find) => database.read((db) => find({ db, now: clock().toISOString(), settings })),
    transact: (step) => limit(() => write(step)),
    begin: (step) => limit(async () => (isOver() ? undefined : write(step))),
    attempt: (act) => act().catch((error: unknown) => void failures.push(error)),
    isOver,
    hasFailed: () => failures.length > 0,
    end() {
      if (failures.length > 0) throw failures[0]
    },
  }
}
