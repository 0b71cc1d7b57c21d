/** Rows of SQLite. `node:sqlite` makes each a dictionary, names and all; V8 does better with objects of one shape. */
import type { SQLInputValue, StatementSync } from 'node:sqlite'

export type Row = Record<string, unknown>
export type ReadRows = (values: readonly unknown[]) => Row[]

/** Runs a statement, and answers all its rows. */
export function rowsOf(statement: StatementSync): ReadRows {
  statement.setReturnArrays(true)
  let shape = shapeOf(statement)
  return (values) => {
    const rows = statement.all(...(values as SQLInputValue[])) as unknown as unknown[][]
    // By itself SQLite prepares a statement anew, after somebody has added a column or taken one away.
    if (rows[0] && rows[0].length !== shape.names.length) shape = shapeOf(statement)
    return rows.map((row) => fill(shape, row))
  }
}

interface Shape {
  names: readonly string[]
  /** A row without values; a copy of it has its hidden class. */
  empty: Row
}

function shapeOf(statement: StatementSync): Shape {
  const names = statement.columns().map(({ name }) => name)
  return { names, empty: Object.fromEntries(names.map((name) => [name, null])) }
}

function fill({ names, empty }: Shape, values: readonly unknown[]): Row {
  const row = { ...empty }
  names.forEach((name, index) => (row[name] = values[index]))
  return row
}
