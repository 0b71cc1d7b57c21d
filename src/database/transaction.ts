import type { Kysely } from 'kysely'
import type { Tables } from './schema/tables.ts'

/** What queries are built with. */
export type Queries = Pick<
  Kysely<Tables>,
  'selectFrom' | 'selectNoFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'fn' | 'getExecutor'
>

/** A transaction: everything done through it happens wholly or not at all. */
export interface Db extends Queries {
  /** Runs a question of `statement.ts`, and answers its rows. */
  runQuery(source: PreparedSource, input: object): Promise<unknown[]> | unknown[]
  /** Runs a change of `statement.ts`, which need not be done when this resolves. */
  runWrite(source: PreparedSource, input: object): Promise<void> | void
}

/**
 * Names of all that a piece of work looks at or changes and others of its kind may change. Whoever tells them promises to run
 * kept statements alone, and to ask nothing once it changed something; if not, it fails, and is done again by itself.
 */
export type ConflictKeys = readonly string[]

/** What an engine keeps a prepared statement by. */
export type PreparedSource = (db: Queries) => CompiledStatement

export interface CompiledStatement {
  sql: string
  /** In the order of the text; what is no `Parameter` is always the same. */
  parameters: readonly unknown[]
  /** Those of `parameters`. */
  values(input: object): unknown[]
}
