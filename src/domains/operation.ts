/** The interface between service and domains: the signature and the context of operations. */
import type { ServiceError } from '../contract/errors.ts'
import type { Contract, InputOf, OutputOf } from '../contract/operation.ts'
import type { ConflictKeys } from '../database/transaction.ts'
import type { Database } from '../database/database.ts'
import type { Db } from '../database/transaction.ts'
import type { Outbound } from './outbound.ts'

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
  /** Undefined if the journal is kept for ever. */
  journalDays: number | undefined
  restrictedAwsAccounts: readonly string[]
  createUserDirectoryOnly: boolean
  /** The base URL at which clients reach this server, without a trailing slash. */
  publicUrl: string
  /** Whether a mail server is configured. */
  canMail: boolean
}

/** Encrypts a secret for storage, bound to the id of its key. */
export type SealSecret = (accessKeyId: string, secret: string) => string

export interface OperationContext {
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
 * Runs an operation in its transaction. An error that is thrown undoes what the operation wrote; one that is returned is
 * answered as well, and its writes are kept.
 */
type Handle<O> = (input: InputOf<O>, context: OperationContext) => Promise<OutputOf<O> | ServiceError>

export interface HandlerObject<O> {
  /** Allows the transaction to be interleaved with others; see `ConflictKeys` for what it promises. */
  conflictKeys?: (input: InputOf<O>, caller: Caller) => ConflictKeys
  /** Network calls before the transaction begins, so that no lock is held during them. */
  prepare?: (input: InputOf<O>, context: PreparationContext) => Promise<void>
  handle: Handle<O>
}

/** One handler for every operation of a contract; leaving one out does not compile. */
export type Handlers<C extends Contract> = { readonly [Name in keyof C]: Handle<C[Name]> | HandlerObject<C[Name]> }

export type HandlerObjects<C extends Contract> = { readonly [Name in keyof C]: HandlerObject<C[Name]> }

/** The same handlers, each as an object. */
export function toObjects<C extends Contract>(handlers: Handlers<C>): HandlerObjects<C> {
  const entries = Object.entries(handlers).map(([name, handler]) => [
    name,
    typeof handler === 'function' ? { handle: handler } : handler,
  ])
  return Object.fromEntries(entries) as HandlerObjects<C>
}

export interface PreparationContext {
  caller: Caller
  read: Database['read']
  scan: Database['scan']
  outbound: Outbound
}
