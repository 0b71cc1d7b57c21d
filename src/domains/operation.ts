/** What the service and a domain agree on: how an operation is called, and all it gets. */
import type { ServiceError } from '../contract/errors.ts'
import type { Contract, InputOf, OutputOf } from '../contract/operation.ts'
import type { ConflictKeys } from '../database/transaction.ts'
import type { Database } from '../database/database.ts'
import type { Db } from '../database/transaction.ts'
import type { Outbound } from './outbound.ts'

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
  /** Where others reach this server, without a slash at the end. */
  publicUrl: string
  /** Whether there is a mail server to hand messages to. */
  canMail: boolean
}

/** Makes a secret unreadable at rest, bound to the id of its key. */
export type SealSecret = (accessKeyId: string, secret: string) => string

export interface Context {
  caller: Caller
  /** The transaction: durable before the caller gets an answer, undone if the operation throws. */
  db: Db
  /** The time of the transaction, ISO-8601 UTC with milliseconds. */
  now: string
  requestId: string
  settings: OperationSettings
  sealSecret: SealSecret
}

/**
 * The behaviour of every operation of a contract. An error that is thrown undoes what the operation wrote; one that is
 * returned is answered all the same, and what was written stays.
 */
export type Operations<C extends Contract> = {
  [Name in keyof C]: (input: InputOf<C[Name]>, context: Context) => Promise<OutputOf<C[Name]> | ServiceError>
}

/** What some operations ask of the world before their transaction begins, so that nothing is locked while they wait. */
export type Preparations<C extends Contract> = {
  [Name in keyof C]?: (input: InputOf<C[Name]>, context: Preparation) => Promise<void>
}

/** What each call of some operations touches, so that those that do not meet may be done side by side. */
export type Apart<C extends Contract> = {
  [Name in keyof C]?: (input: InputOf<C[Name]>, caller: Caller) => ConflictKeys
}

export interface Preparation {
  caller: Caller
  read: Database['read']
  outbound: Outbound
}
