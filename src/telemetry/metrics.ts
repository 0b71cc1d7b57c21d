/** Metrics for Prometheus. A label never holds a value that a caller sent. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Database } from '../database/database.ts'
import type { Db } from '../database/transaction.ts'
import type { OperationName } from '../domains/contracts.ts'
import { countByStatus } from '../domains/phone-numbers/count-by-status.ts'
import type { Job } from '../domains/job.ts'
import { shareRuns } from '../primitives/share-runs.ts'

/** Every metric of Belfry's own. The reference documentation is generated from this. */
export const definitions = {
  requests: {
    name: 'belfry_requests_total',
    type: 'counter',
    labelNames: ['operation', 'status'],
    help: 'Requests answered, by operation (none where the request named none, or was refused before) and HTTP status.',
  },
  duration: {
    name: 'belfry_request_duration_seconds',
    type: 'histogram',
    labelNames: ['operation'],
    help: 'How long requests took, from the last byte in to the answer.',
  },
  turnedAway: {
    name: 'belfry_requests_turned_away_total',
    type: 'counter',
    labelNames: [],
    help: 'Requests told to come back because there were too many, their bodies were too much, or the process was late; not among those answered.',
  },
  commits: {
    name: 'belfry_commits_total',
    type: 'counter',
    labelNames: [],
    help: 'Commits on disk.',
  },
  writes: {
    name: 'belfry_writes_total',
    type: 'counter',
    labelNames: [],
    help: 'Transactions those commits carried: on SQLite writes that arrive together share one.',
  },
  jobs: {
    name: 'belfry_jobs_done_total',
    type: 'counter',
    labelNames: ['task'],
    help: 'Pieces of later work done, by job.',
  },
  jobFailures: {
    name: 'belfry_job_failures_total',
    type: 'counter',
    labelNames: ['task'],
    help: 'How often a job stopped at an error; what it left is tried again.',
  },
  waiting: {
    name: 'belfry_jobs_waiting',
    type: 'gauge',
    labelNames: ['task'],
    help: 'Pieces of later work there are, due or not; absent while the store cannot be read.',
  },
  phoneNumbers: {
    name: 'belfry_phone_numbers',
    type: 'gauge',
    labelNames: ['status'],
    help: 'Phone numbers in all inventories, by status; absent while the store cannot be read.',
  },
} as const

export interface Metrics {
  countRequest(operation: OperationName | 'none', status: number, seconds: number): void
  countTurnedAway(count: number): void
  countJob(job: string, done: number): void
  countJobFailure(job: string): void
  /** All metrics, in the format of Prometheus. */
  render(): Promise<{ contentType: string; body: string }>
}

/** @param waitingFor the jobs whose waiting steps are counted */
export function createMetrics(database: Database, waitingFor: readonly Job[]): Metrics {
  const registers = [new Registry()]
  const requests = new Counter({ ...definitions.requests, registers })
  const duration = new Histogram({ ...definitions.duration, buckets, registers })
  const turnedAway = new Counter({ ...definitions.turnedAway, registers })
  const jobs = new Counter({ ...definitions.jobs, registers })
  const jobFailures = new Counter({ ...definitions.jobFailures, registers })
  addCommits(database, registers)
  addPhoneNumbers(database, registers)
  addWaiting(database, waitingFor, registers)
  const countOf = kept((operation: string, status: number) => requests.labels({ operation, status }))
  const timeOf = kept((operation: string) => duration.labels({ operation }))
  const all = Registry.merge([...registers, ofProcess()])
  return {
    countRequest(operation, status, seconds) {
      countOf(operation, status).inc()
      timeOf(operation).observe(seconds)
    },
    countTurnedAway: (count) => turnedAway.inc(count),
    countJob: (task, done) => jobs.inc({ task }, done),
    countJobFailure: (task) => jobFailures.inc({ task }),
    render: async () => ({ contentType: all.contentType, body: await all.metrics() }),
  }
}

/** Keeps the series of each set of labels, because looking it up costs more than counting. There are few sets. */
function kept<Labels extends unknown[], Series>(find: (...labels: Labels) => Series) {
  const series = new Map<string, Series>()
  return (...labels: Labels): Series => {
    const name = labels.join(' ')
    const found = series.get(name) ?? find(...labels)
    series.set(name, found)
    return found
  }
}

/** In seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The database keeps these counts itself; they are read at each scrape. */
function addCommits({ counters }: Database, registers: Registry[]) {
  for (const name of ['commits', 'writes'] as const) {
    const counter: Counter = new Counter({
      ...definitions[name],
      registers,
      collect() {
        counter.reset()
        counter.inc(counters[name])
      },
    })
  }
}

function addPhoneNumbers(database: Database, registers: Registry[]) {
  const gauge: Gauge<'status'> = new Gauge({
    ...definitions.phoneNumbers,
    registers,
    async collect() {
      const counts = await countNumbers(database.scan).catch(() => ({}))
      gauge.reset()
      for (const [status, count] of Object.entries(counts)) gauge.set({ status }, count)
    },
  })
}

/** Scrapes that arrive during a count share the next one, however many there are. */
const countNumbers = shareRuns(countByStatus)

function addWaiting(database: Database, jobs: readonly Job[], registers: Registry[]) {
  const gauge: Gauge<'task'> = new Gauge({
    ...definitions.waiting,
    registers,
    async collect() {
      gauge.reset()
      await database.read((db) => setAll(gauge, db, jobs)).catch(() => {})
    },
  })
}

async function setAll(gauge: Gauge<'task'>, db: Db, jobs: readonly Job[]) {
  for (const { name: task, countWaiting } of jobs) if (countWaiting) gauge.set({ task }, await countWaiting(db))
}

let shared: Registry | undefined

/** One registry for the process, however many servers it runs. */
function ofProcess(): Registry {
  if (shared) return shared
  shared = new Registry()
  collectDefaultMetrics({ register: shared })
  return shared
}
