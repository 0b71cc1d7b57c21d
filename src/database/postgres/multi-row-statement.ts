/** What several ask at the same time, as one statement of PostgreSQL. */
import type { Question } from '../batching/query-coalescer.ts'
import { Parameter } from '../prepared-query.ts'
import type { CompiledStatement } from '../transaction.ts'

/** A statement for many inputs at once. */
export interface SetStatement {
  sql: string
  values(inputs: readonly object[]): unknown[]
}

/**
 * The same statement for a list of inputs: the values of each parameter come as one list, and each row says in `asked`
 * which of the inputs it is for, counted from 1. Undefined for what is neither a question nor the insert of one row.
 */
export function setOf({ sql, parameters }: CompiledStatement): SetStatement | undefined {
  const names = [...new Set(parameters.flatMap((value) => (value instanceof Parameter ? [value.name] : [])))]
  const fixed = parameters.filter((value) => !(value instanceof Parameter))
  const text = overLists(withColumns(sql, parameters, names.length), names)
  // What is inserted gets its type from the column, in a plain insert alone.
  if (text === undefined || names.length === 0 || (fixed.length > 0 && sql.startsWith('insert '))) return undefined
  return {
    sql: text,
    values: (inputs) => [
      ...names.map((name) => inputs.map((input) => (input as Record<string, unknown>)[name])),
      ...fixed,
    ],
  }
}

/** Takes columns of the lists for the parameters; what is always the same comes after the lists. */
function withColumns(sql: string, parameters: readonly unknown[], lists: number): string {
  let used = lists
  const places = parameters.map((value) => (value instanceof Parameter ? `of_each."${value.name}"` : `$${++used}`))
  return sql.replaceAll(/\$(\d+)/g, (_, place) => places[Number(place) - 1] ?? '')
}

function overLists(sql: string, names: readonly string[]): string | undefined {
  const columns = names.map((name) => `"${name}"`).join(', ')
  const lists = names.map((_, index) => `$${index + 1}::text[]`).join(', ')
  const from = `from unnest(${lists}) with ordinality as of_each(${columns}, asked)`
  if (sql.startsWith('select '))
    return `select of_each.asked::int4 as asked, found.* ${from} cross join lateral (${sql}) as found`
  const [, insert, values] = /^(insert into .*) values \(([^()]*)\)$/.exec(sql) ?? []
  return insert === undefined ? undefined : `${insert} select ${values} ${from}`
}

/** Hands the rows of a set statement to those who asked. */
export function deal(rows: readonly unknown[], questions: readonly Question[]): void {
  const answers = questions.map((): unknown[] => [])
  for (const row of rows as { asked?: number | undefined }[]) {
    answers[(row.asked ?? 0) - 1]?.push(row)
    // As good as deleted, and many times faster.
    row.asked = undefined
  }
  for (const [index, { resolve }] of questions.entries()) resolve(answers[index] ?? [])
}
