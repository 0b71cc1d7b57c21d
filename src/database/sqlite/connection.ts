/** A connection to SQLite. Nothing that is run on it overtakes what was asked before. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { type Question, createAsking } from '../batching/query-coalescer.ts'
import { type ReadRows, type Schema, rowsOf, schemaOf } from './row-reader.ts'
import type { CompiledStatement, PreparedSource } from '../transaction.ts'
import type { Connection, Tables } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'

export interface SqliteConnection {
  db: Connection & Db
  /** Runs what moves its transaction. */
  execute(command: string): void
}

export function connect(database: DatabaseSync): SqliteConnection {
  const kept = new Map<PreparedSource, Kept>()
  const schema = schemaOf(database)
  const use = (source: PreparedSource) => kept.get(source) ?? keep(source)
  const asking = createAsking<PreparedSource>((source, questions) => askAlike(() => use(source), questions))
  const connection = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: adapt(database, schema, asking.askNow) }),
  })
  const keep = (source: PreparedSource) => {
    const compiled = source(connection)
    const prepared = database.prepare(compiled.sql)
    const made = { ...compiled, prepared, all: rowsOf(prepared, schema) }
    kept.set(source, made)
    return made
  }
  const change: Db['runWrite'] = (source, input) => {
    asking.askNow()
    const { prepared, values } = use(source)
    prepared.run(...(values(input) as SQLInputValue[]))
  }
  const db = Object.assign(connection, { runQuery: asking.ask, runWrite: change })
  return { db, execute: commands(database, schema, asking.askNow) }
}

type Kept = CompiledStatement & { prepared: StatementSync; all: ReadRows }

function askAlike(use: () => Kept, questions: readonly Question[]) {
  for (const { input, resolve, reject } of questions)
    try {
      const { all, values } = use()
      resolve(all(values(input)))
    } catch (error) {
      reject(error)
    }
}

/** Transaction commands, prepared. */
function commands(database: DatabaseSync, schema: Schema, askNow: () => void) {
  const kept = new Map<string, StatementSync>()
  return (command: string): void => {
    askNow()
    const prepared = kept.get(command) ?? database.prepare(command)
    kept.set(command, prepared)
    prepared.run()
    if (command.startsWith('begin')) schema.forget()
  }
}

/** Shapes `node:sqlite` as Kysely wants it, keeping prepared statements. */
function adapt(database: DatabaseSync, schema: Schema, askNow: () => void): SqliteDatabase {
  const kept = new Map<string, ReturnType<typeof adaptStatement>>()
  return {
    close: () => database.close(),
    prepare(sql) {
      askNow()
      const statement = kept.get(sql) ?? adaptStatement(database.prepare(sql), schema)
      if (kept.size >= 500) kept.clear()
      kept.set(sql, statement)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync, schema: Schema) {
  const all = rowsOf(statement, schema)
  return {
    reader: statement.columns().length > 0,
    all,
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters: readonly unknown[]) => all(parameters).values(),
  }
}
