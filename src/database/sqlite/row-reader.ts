/** Reads rows as objects of one hidden class. `node:sqlite` makes dictionaries, which V8 reads more slowly. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** The version of the schema that a transaction sees, which SQLite increments at each change by any process. */
export interface SchemaVersion {
  current(): number
  forget(): void
}

export function schemaVersionOf(database: DatabaseSync): SchemaVersion {
  let [read, known]: [StatementSync | undefined, number | undefined] = [undefined, undefined]
  return {
    current() {
      read ??= database.prepare('PRAGMA schema_version')
      return (known ??= Number(read.get()?.['schema_version']))
    },
    forget: () => (known = undefined),
  }
}

type Row = Record<string, unknown>
export type ReadRows = (values: readonly unknown[]) => Row[]

export function rowReader(statement: StatementSync, schema: SchemaVersion): ReadRows {
  statement.setReturnArrays(true)
  let shape: Shape | undefined
  return (values) => {
    const rows = statement.all(...(values as SQLInputValue[])) as unknown as unknown[][]
    const [first] = rows
    if (!first) return []
    // After a change of the schema SQLite prepares the statement again by itself, and `*` may stand for other columns.
    const version = schema.current()
    if (shape?.version !== version || shape.names.length !== first.length) shape = shapeOf(statement, version)
    const current = shape
    return rows.map((row) => fill(current, row))
  }
}

interface Shape {
  version: number
  names: readonly string[]
  empty: Row
}

function shapeOf(statement: StatementSync, version: number): Shape {
  const names = statement.columns().map(({ name }) => name)
  return { version, names, empty: Object.fromEntries(names.map((name) => [name, null])) }
}

function fill({ names, empty }: Shape, values: readonly unknown[]): Row {
  const row = { ...empty }
  names.forEach((name, index) => (row[name] = asScalar(values[index])))
  return row
}

/** No column holds a BLOB, but SQLite would store one. It becomes a text with the NUL that no stored text has. */
const asScalar = (value: unknown) => (value instanceof Uint8Array ? `\0${Buffer.from(value).toString('hex')}` : value)
