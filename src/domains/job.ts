import type { Db } from '../database/transaction.ts'
import type { OperationSettings } from './operation.ts'
import type { Outside } from './outbound.ts'

/** Deferred work. Due work is found in the database, so a restart loses none. */
export interface Job {
  name: string
  /** Finds due work on a snapshot. Each item then runs in its own transaction and must check again that it is still due. */
  findDue(context: JobContext, atMost: number): Promise<Work[]>
  /** Number of waiting items, due or not; absent if no metric reports it. */
  countWaiting?(db: Db): Promise<number>
}

export type Work = (context: JobContext) => Promise<Errand | void>

/** A network call made after the transaction that claimed the work; returns the work that records its outcome. */
export type Errand = (outside: Outside) => Promise<Work>

export interface JobContext {
  db: Db
  now: string
  settings: OperationSettings
}
