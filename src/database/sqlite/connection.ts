/** A connection to SQLite. No statement on it overtakes a query that was enqueued before. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase } from 'kysely'
import { type PendingQuery, createQueryCoalescer } from '../batching/query-coalescer.ts'
import type { Connection, Tables } from '../schema/tables.ts'
import type { CompiledStatement, Db, PreparedSource } from '../transaction.ts'
import { type ReadRows, type SchemaVersion, rowReader, schemaVersionOf } from './row-reader.ts'
import { TransactionalDialect } from './transactional-dialect.ts'

export interface SqliteConnection {
  db: Connection & Db
  execute(command: string): void
}

export function connect(database: DatabaseSync): SqliteConnection {
  const statements = new Map<PreparedSource, PreparedStatement>()
  const schema = schemaVersionOf(database)
  const find = (source: PreparedSource) => statements.get(source) ?? prepare(source)
  const coalescer = createQueryCoalescer<PreparedSource>((source, queries) => runEqual(() => find(source), queries))
  const execute = transactionCommands(database, schema, coalescer.flush)
  const connection = new Kysely<Tables>({
    dialect: new TransactionalDialect(adapt(database, schema, coalescer.flush), execute),
  })
  const prepare = (source: PreparedSource) => {
    const compiled = source(connection)
    const prepared = database.prepare(compiled.sql)
    const statement = { ...compiled, prepared, all: rowReader(prepared, schema) }
    statements.set(source, statement)
    return statement
  }
  const runWrite: Db['runWrite'] = (source, input) => {
    coalescer.flush()
    const { prepared, values } = find(source)
    prepared.run(...(values(input) as SQLInputValue[]))
  }
  const db = Object.assign(connection, { runQuery: coalescer.enqueue, runWrite })
  return { db, execute }
}

type PreparedStatement = CompiledStatement & { prepared: StatementSync; all: ReadRows }

function runEqual(find: () => PreparedStatement, queries: readonly PendingQuery[]) {
  for (const { input, resolve, reject } of queries)
    try {
      const { all, values } = find()
      resolve(all(values(input)))
    } catch (error) {
      reject(error)
    }
}

function transactionCommands(database: DatabaseSync, schema: SchemaVersion, flush: () => void) {
  const statements = new Map<string, StatementSync>()
  return (command: string): void => {
    flush()
    const prepared = statements.get(command) ?? database.prepare(command)
    statements.set(command, prepared)
    prepared.run()
    if (command.startsWith('begin')) schema.forget()
  }
}

function adapt(database: DatabaseSync, schema: SchemaVersion, flush: () => void): SqliteDatabase {
  const statements = new Map<string, ReturnType<typeof adaptStatement>>()
  return {
    close: () => database.close(),
    prepare(sql) {
      flush()
      const statement = statements.get(sql) ?? adaptStatement(database.prepare(sql), schema)
      if (statements.size >= 500) statements.clear()
      statements.set(sql, statement)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync, schema: SchemaVersion) {
  const all = rowReader(statement, schema)
  return {
    reader: statement.columns().length > 0,
    all,
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters: readonly unknown[]) => all(parameters).values(),
  }
}
