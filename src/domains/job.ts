import type { Db } from '../database/transaction.ts'
import type { OperationSettings } from './operation.ts'
import type { Outbound } from './outbound.ts'

/** Work that happens later. The database says what is due, so a restart loses nothing. */
export interface Job {
  name: string
  /** Reads what is due from a snapshot. Each step then has a transaction of its own and must check again. */
  findDue(context: JobContext, atMost: number): Promise<JobStep[]>
  /** How many steps there are, due or not, for the metrics; absent if they are of no interest. */
  countWaiting?(db: Db): Promise<number>
}

/** One transaction of a job. It may return network calls to make after its commit. */
export type JobStep = (context: JobContext) => Promise<OutboundStep | void>

/** Network calls between two transactions. Returns the step that records the outcome. */
export type OutboundStep = (outbound: Outbound) => Promise<JobStep>

export interface JobContext {
  db: Db
  now: string
  settings: OperationSettings
}
