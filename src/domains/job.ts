import type { Db } from '../database/transaction.ts'
import type { OperationSettings } from './operation.ts'
import type { Outside } from './outbound.ts'

/** Work that happens later. What is due is found in the database, so a restart loses nothing. */
export interface Job {
  name: string
  /** Finds work on a snapshot. Each piece is then done in a transaction of its own, and must look again whether it is still due. */
  findDue(context: JobContext, atMost: number): Promise<Work[]>
  /** How many pieces there are, due or not; absent where nobody would ask. */
  countWaiting?(db: Db): Promise<number>
}

export type Work = (context: JobContext) => Promise<Errand | void>

/** What is left to do outside the transaction that took the work; answers the work that writes down how it went. */
export type Errand = (outside: Outside) => Promise<Work>

export interface JobContext {
  db: Db
  now: string
  settings: OperationSettings
}
