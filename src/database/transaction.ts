import type { Kysely } from 'kysely'
import type { Tables } from './schema/tables.ts'

export type Queries = Pick<
  Kysely<Tables>,
  'selectFrom' | 'selectNoFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'fn' | 'getExecutor'
>

/** A transaction: everything done through it happens wholly or not at all. */
export interface Db extends Queries {
  /** Runs a `preparedQuery` and returns its rows. */
  runQuery(source: PreparedSource, input: object): Promise<unknown[]> | unknown[]
  /** Runs a `preparedWrite`. It may still be in flight when the promise resolves; if it fails, so does the transaction. */
  runWrite(source: PreparedSource, input: object): Promise<void> | void
}

/** Runs in a transaction, and may run more than once, so it must touch nothing but `db`. */
export type TransactionBody<Result = unknown> = (db: Db) => Promise<Result>

/**
 * Names everything that a transaction reads or writes and others of its kind may write. It must use prepared queries only, and
 * read nothing after its first write; otherwise it fails, and is run again by itself.
 */
export type ConflictKeys = readonly string[]

export type PreparedSource = (db: Queries) => CompiledStatement

export interface CompiledStatement {
  sql: string
  parameters: readonly unknown[]
  values(input: object): unknown[]
  coalesce: boolean
}
