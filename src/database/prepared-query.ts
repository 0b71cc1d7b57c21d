import type { Compilable } from 'kysely'
import type { CompiledStatement, Db, PreparedSource, Queries } from './transaction.ts'

export class Parameter {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Makes a query with Kysely. It is called once, with placeholders, so its parameters must be used as values and decide nothing. */
type Build<Input, Row> = (db: Queries, input: Input) => Compilable<Row>
/** Text or null only: on PostgreSQL a multi-row statement takes lists of them. */
type Texts<Input> = { [Name in keyof Input]: string | null }

interface Options {
  /** False for a statement without a multi-row form: PostgreSQL then runs it once for each input of a batch. */
  coalesce?: boolean
}

export function preparedQuery<Input extends Texts<Input>, Row>(build: Build<Input, Row>, options?: Options) {
  const source = compileOnce(build, options)
  return async (db: Db, input: Input): Promise<Row[]> => (await db.runQuery(source, input)) as Row[]
}

export function preparedWrite<Input extends Texts<Input>>(build: Build<Input, unknown>, options?: Options) {
  const source = compileOnce(build, options)
  return async (db: Db, input: Input): Promise<void> => db.runWrite(source, input)
}

/** All prepared statements of the program. PostgreSQL compiles them when it is opened, so that a mistake fails the start. */
export const preparedSources: PreparedSource[] = []

function compileOnce<Input extends object, Row>(
  build: Build<Input, Row>,
  { coalesce = true }: Options = {},
): PreparedSource {
  const source: PreparedSource = (db) => ({ ...compile(build(db, placeholders as Input)), coalesce })
  preparedSources.push(source)
  return source
}

const placeholders = new Proxy({}, { get: (_, name) => new Parameter(String(name)) })

function compile(query: Compilable): Omit<CompiledStatement, 'coalesce'> {
  const { sql, parameters } = query.compile()
  return { sql, parameters, values: (input) => parameters.map((value) => bind(value, input)) }
}

const bind = (value: unknown, input: object): unknown =>
  value instanceof Parameter ? (input as Record<string, unknown>)[value.name] : value
