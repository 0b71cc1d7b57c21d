/** What the service and a domain agree on: how an operation is called, and all it gets. */
import type { Contract, InputOf, OutputOf } from '../contract/operation.ts'
import type { Db } from '../database/tables.ts'

/** Who calls, as the signature proved. */
export interface Caller {
  awsAccountId: string
  principalArn: string
  accessKeyId: string
}

/** The settings that change what operations do; `config.ts` says what each means. */
export interface OperationSettings {
  orderDelayMs: number
  callingNameDelayMs: number
  callingNameIntervalDays: number
  deletionQueueDays: number
  phoneNumberQuota: number
  restrictedAwsAccounts: readonly string[]
  createUserDirectoryOnly: boolean
}

export interface Context {
  caller: Caller
  /** The transaction: durable before the caller gets an answer, undone if the operation throws. */
  db: Db
  /** The time of the transaction, ISO-8601 UTC with milliseconds. */
  now: string
  requestId: string
  settings: OperationSettings
}

/** The behaviour of every operation of a contract. */
export type Operations<C extends Contract> = {
  [Name in keyof C]: (input: InputOf<C[Name]>, context: Context) => Promise<OutputOf<C[Name]>>
}

/** Work that happens later. What is due is found in the database, so a restart loses nothing. */
export interface Job {
  name: string
  /** Finds work on a snapshot. Each piece is then done in a transaction of its own, and must look again whether it is still due. */
  findDue(context: JobContext, atMost: number): Promise<Work[]>
}

export type Work = (context: JobContext) => Promise<void>

export interface JobContext {
  db: Db
  now: string
  settings: OperationSettings
}
