/** Statements that are built and compiled once, and then run prepared: what is asked often must cost little. */
import type { Compilable } from 'kysely'
import type { Db, Queries } from './tables.ts'

/** Stands for a value in a statement while it is built. */
export class Parameter {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

type Build<Input, Row> = (db: Queries, input: Input) => Compilable<Row>
/** All of text, or null: PostgreSQL takes lists of them where several ask the same. */
type Texts<Input> = { [Name in keyof Input]: string | null }
/** Runs the statement with the values of its parameters, and answers its rows. */
export type Statement<Input, Row> = (db: Db, input: Input) => Promise<Row[]>

/**
 * @param build makes the query with Kysely, from its parameters. It is called once for each engine, with placeholders
 * for values, so it must use each of them as a value and decide nothing by them.
 */
export function statement<Input extends Texts<Input>, Row>(build: Build<Input, Row>): Statement<Input, Row> {
  const source: StatementSource = (db) => compile(build(db, placeholders as Input))
  return async (db, input) => (await db.run(source, input)) as Row[]
}

/** What an engine keeps a prepared statement by. */
export type StatementSource = (db: Queries) => CompiledStatement

export interface CompiledStatement {
  sql: string
  /** Whether it gives rows. */
  gives: boolean
  /** Whether it changes anything. */
  writes: boolean
  /** In the order of the text; what is no `Parameter` is always the same. */
  parameters: readonly unknown[]
  /** Those of `parameters`. */
  values(input: object): unknown[]
}

/** Every member of it is a placeholder of that name. */
const placeholders = new Proxy({}, { get: (_, name) => new Parameter(String(name)) })

function compile(query: Compilable): CompiledStatement {
  const { sql, parameters, query: node } = query.compile()
  const writes = node.kind !== 'SelectQueryNode'
  return {
    sql,
    writes,
    gives: !writes || 'returning' in node,
    parameters,
    values: (input) => parameters.map((value) => bind(value, input)),
  }
}

const bind = (value: unknown, input: object): unknown =>
  value instanceof Parameter ? (input as Record<string, unknown>)[value.name] : value
