/** Statements that are built and compiled once, and then run prepared: what is asked often must cost little. */
import type { Compilable } from 'kysely'
import type { CompiledStatement, Db, Queries, PreparedSource } from './transaction.ts'

/** Stands for a value in a statement while it is built. */
export class Parameter {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Makes a query with Kysely, from its parameters: called once, with placeholders, so each must be used as a value, and decide nothing. */
type Build<Input, Row> = (db: Queries, input: Input) => Compilable<Row>
/** All of text, or null: PostgreSQL takes lists of them where several ask the same. */
type Texts<Input> = { [Name in keyof Input]: string | null }

/** A statement that changes nothing, and answers rows. */
export function preparedQuery<Input extends Texts<Input>, Row>(build: Build<Input, Row>) {
  const source = compileOnce(build)
  return async (db: Db, input: Input): Promise<Row[]> => (await db.runQuery(source, input)) as Row[]
}

/** A statement that answers nothing. */
export function preparedWrite<Input extends Texts<Input>>(build: Build<Input, unknown>) {
  const source = compileOnce(build)
  return async (db: Db, input: Input): Promise<void> => db.runWrite(source, input)
}

const compileOnce =
  <Input extends object, Row>(build: Build<Input, Row>): PreparedSource =>
  (db) =>
    compile(build(db, placeholders as Input))

/** Every member of it is a placeholder of that name. */
const placeholders = new Proxy({}, { get: (_, name) => new Parameter(String(name)) })

function compile(query: Compilable): CompiledStatement {
  const { sql, parameters } = query.compile()
  return { sql, parameters, values: (input) => parameters.map((value) => bind(value, input)) }
}

const bind = (value: unknown, input: object): unknown =>
  value instanceof Parameter ? (input as Record<string, unknown>)[value.name] : value
