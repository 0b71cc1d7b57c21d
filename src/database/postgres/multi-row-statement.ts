import type { PendingQuery } from '../batching/query-coalescer.ts'
import { Parameter } from '../prepared-query.ts'
import type { CompiledStatement } from '../transaction.ts'

export interface MultiRowStatement {
  sql: string
  values(inputs: readonly object[]): unknown[]
}

/** Takes one array per parameter; the column `asked` of a row says which input it is for, from 1. Undefined if there is none. */
export function toMultiRow({ sql, parameters }: CompiledStatement): MultiRowStatement | undefined {
  const names = [...new Set(parameters.flatMap((value) => (value instanceof Parameter ? [value.name] : [])))]
  const constants = parameters.filter((value) => !(value instanceof Parameter))
  const text = overArrays(withColumns(sql, parameters, names.length), names)
  // A constant that is inserted takes its type from the column only in a plain insert.
  if (text === undefined || names.length === 0 || (constants.length > 0 && sql.startsWith('insert '))) return undefined
  return {
    sql: text,
    values: (inputs) => [
      ...names.map((name) => inputs.map((input) => (input as Record<string, unknown>)[name])),
      ...constants,
    ],
  }
}

function withColumns(sql: string, parameters: readonly unknown[], arrays: number): string {
  let used = arrays
  const places = parameters.map((value) => (value instanceof Parameter ? `of_each."${value.name}"` : `$${++used}`))
  return sql.replaceAll(/\$(\d+)/g, (_, place) => places[Number(place) - 1] ?? '')
}

function overArrays(sql: string, names: readonly string[]): string | undefined {
  const columns = names.map((name) => `"${name}"`).join(', ')
  const arrays = names.map((_, index) => `$${index + 1}::text[]`).join(', ')
  const from = `from unnest(${arrays}) with ordinality as of_each(${columns}, asked)`
  if (sql.startsWith('select '))
    return `select of_each.asked::int4 as asked, found.* ${from} cross join lateral (${sql}) as found`
  const [, insert, values] = /^(insert into .*) values \(([^()]*)\)$/.exec(sql) ?? []
  return insert === undefined ? undefined : `${insert} select ${values} ${from}`
}

export function distributeRows(rows: readonly unknown[], queries: readonly PendingQuery[]): void {
  const answers = queries.map((): unknown[] => [])
  for (const row of rows as { asked?: number | undefined }[]) {
    answers[(row.asked ?? 0) - 1]?.push(row)
    // Many times faster than deleting it, which changes the hidden class of the row.
    row.asked = undefined
  }
  for (const [index, { resolve }] of queries.entries()) resolve(answers[index] ?? [])
}
