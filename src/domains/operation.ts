/** What the service and a domain agree on: how an operation is called, and all it gets. */
import type { ServiceError } from '../contract/errors.ts'
import type { Contract, InputOf, OutputOf } from '../contract/operation.ts'
import type { Touches } from '../database/batching/conflict-free.ts'
import type { Database } from '../database/database.ts'
import type { Db } from '../database/schema/tables.ts'

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
export type Apart<C extends Contract> = { [Name in keyof C]?: (input: InputOf<C[Name]>, caller: Caller) => Touches }

export interface Preparation {
  caller: Caller
  read: Database['read']
  outside: Outside
}

/** The world outside this process and its database, as the operator lets Belfry speak to it. */
export interface Outside {
  /** POSTs JSON over HTTPS to a public address, or to one the operator named. Throws `OutsideError`. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<OutsideAnswer>
  /** Invokes a Lambda function; absent where there is none to ask. Throws `OutsideError`. */
  invoke?: (call: LambdaCall) => Promise<void>
  /** Hands a message to the mail server; absent where there is none. Throws `OutsideError`. */
  mail?: (message: Mail) => Promise<void>
}

export interface OutsideAnswer {
  status: number
  body: string
}

export interface LambdaCall {
  functionArn: string
  payload: string
  /** Handed to the function beside the payload. */
  context: Readonly<Record<string, string>>
  /** Asks whether the function could be invoked, and does not run it. */
  dryRun?: boolean
}

export interface Mail {
  to: string
  subject: string
  text: string
}

/** What went wrong out there; the message goes on after "the endpoint …". */
export class OutsideError extends Error {
  /** Whether it makes no sense to try again. */
  readonly isFinal: boolean

  constructor(message: string, { isFinal = false, ...options }: ErrorOptions & { isFinal?: boolean } = {}) {
    super(message, options)
    this.isFinal = isFinal
  }
}

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
