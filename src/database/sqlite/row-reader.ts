/** Rows of SQLite. `node:sqlite` makes each a dictionary, names and all; V8 does better with objects of one shape. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** Which schema a transaction sees: SQLite counts its changes, whoever makes them. */
export interface Schema {
  version(): number
  /** Another transaction has begun. */
  forget(): void
}

export function schemaOf(database: DatabaseSync): Schema {
  let [read, known]: [StatementSync | undefined, number | undefined] = [undefined, undefined]
  return {
    version() {
      read ??= database.prepare('PRAGMA schema_version')
      return (known ??= Number(read.get()?.['schema_version']))
    },
    forget: () => (known = undefined),
  }
}

type Row = Record<string, unknown>
export type ReadRows = (values: readonly unknown[]) => Row[]

/** Runs a statement, and answers all its rows. */
export function rowsOf(statement: StatementSync, schema: Schema): ReadRows {
  statement.setReturnArrays(true)
  let shape: Shape | undefined
  return (values) => {
    const rows = statement.all(...(values as SQLInputValue[])) as unknown as unknown[][]
    const [first] = rows
    if (!first) return []
    // Under another schema SQLite has prepared the statement anew, by itself, and `*` may stand for other columns.
    const version = schema.version()
    if (shape?.version !== version || shape.names.length !== first.length) shape = shapeOf(statement, version)
    const current = shape
    return rows.map((row) => fill(current, row))
  }
}

interface Shape {
  version: number
  names: readonly string[]
  /** A row without values; a copy of it has its hidden class. */
  empty: Row
}

function shapeOf(statement: StatementSync, version: number): Shape {
  const names = statement.columns().map(({ name }) => name)
  return { version, names, empty: Object.fromEntries(names.map((name) => [name, null])) }
}

function fill({ names, empty }: Shape, values: readonly unknown[]): Row {
  const row = { ...empty }
  names.forEach((name, index) => (row[name] = values[index]))
  return row
}
