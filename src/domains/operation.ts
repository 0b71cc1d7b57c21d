/** The interface between service and domains: the signature and the context of operations. */
import type { ServiceError } from '../contract/errors.ts'
import type { Contract, InputOf, OutputOf } from '../contract/operation.ts'
import type { ConflictKeys } from '../database/transaction.ts'
import type { Database } from '../database/database.ts'
import type { Db } from '../database/transaction.ts'
import type { Outside } from './outbound.ts'

/** The caller, authenticated by the signature. */
export interface Caller {
  awsAccountId: string
  principalArn: string
  accessKeyId: string
}

/** The settings that affect operations; documented in `config.ts`. */
export interface OperationSettings {
  orderDelayMs: number
  callingNameDelayMs: number
  callingNameIntervalDays: number
  deletionQueueDays: number
  phoneNumberQuota: number
  restrictedAwsAccounts: readonly string[]
  createUserDirectoryOnly: boolean
  /** The base URL at which clients reach this server, without a trailing slash. */
  publicUrl: string
  /** Whether a mail server is configured. */
  canMail: boolean
}

/** Encrypts a secret for storage, bound to the id of its key. */
export type SealSecret = (accessKeyId: string, secret: string) => string

export interface Context {
  caller: Caller
  /** The transaction. It is durable before the caller gets a response, and rolled back if the operation throws. */
  db: Db
  /** The time of the transaction, ISO-8601 UTC with milliseconds. */
  now: string
  requestId: string
  settings: OperationSettings
  sealSecret: SealSecret
}

/**
 * The behaviour of every operation of a contract. A thrown error rolls the transaction back; a returned error is sent to
 * the caller as well, but the writes are committed.
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
  outside: Outside
}
