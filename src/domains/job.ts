import type { Db } from '../database/transaction.ts'
import type { OperationSettings } from './operation.ts'
import type { Outbound } from './outbound.ts'

/** Work that happens later. The database says what is due, so a restart loses nothing. */
export type Job = TransactionJob | OutboundJob

interface JobBase {
  name: string
  /** How many steps there are, due or not, for the metrics; absent if they are of no interest. */
  countWaiting?(db: Db): Promise<number>
  /** How long to wait before looking again for due work, where the default would be too often. */
  everyMs?: number
}

export interface TransactionJob extends JobBase {
  /** Reads what is due from a snapshot. Each step then has a transaction of its own and must check again. */
  findDue(context: JobContext, atMost: number): Promise<JobStep[]>
}

/** A job that waits for the network between two transactions. */
export interface OutboundJob extends JobBase {
  /** Reads which calls are due from a snapshot, without those of the AWS accounts whose turn it is not. */
  findDueCalls(context: JobContext, atMost: number, notOf: readonly string[]): Promise<DueCall[]>
}

export interface DueCall {
  awsAccountId: string
  /** Claims the work in a transaction. Returns the network calls to make after its commit, if it is still due. */
  claim(context: JobContext): Promise<OutboundStep | void>
}

/** One transaction of a job. */
export type JobStep = (context: JobContext) => Promise<void>

/** Network calls between two transactions. Returns the step that records the outcome. */
export type OutboundStep = (outbound: Outbound) => Promise<JobStep>

export interface JobContext {
  db: Db
  now: string
  settings: OperationSettings
}
