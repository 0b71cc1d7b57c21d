import { type PendingQuery, type QueryCoalescer, createQueryCoalescer } from '../batching/query-coalescer.ts'
import type { CompiledStatement, PreparedSource, Queries } from '../transaction.ts'
import { type MultiRowStatement, distributeRows, toMultiRow } from './multi-row-statement.ts'

export interface Client {
  query(
    query: string | { name: string; text: string; values: unknown[] },
    values?: unknown[],
  ): Promise<{ command: string; rows: unknown[] }>
}

export interface PreparedStatement extends CompiledStatement {
  name: string
  multiRow: MultiRowStatement | undefined
}

const statements = new Map<PreparedSource, PreparedStatement>()

export function prepare(source: PreparedSource, queries: Queries): PreparedStatement {
  const known = statements.get(source)
  if (known) return known
  const compiled = source(queries)
  const statement = { ...compiled, name: `belfry_${statements.size}`, multiRow: multiRowOf(compiled) }
  statements.set(source, statement)
  return statement
}

/** Throws if the statement has no multi-row form and does not say so: batches would run it once per input, unnoticed. */
function multiRowOf(compiled: CompiledStatement): MultiRowStatement | undefined {
  if (!compiled.coalesce) return undefined
  const multiRow = toMultiRow(compiled)
  if (!multiRow)
    throw new Error(`A prepared statement has no multi-row form, and needs { coalesce: false }: ${compiled.sql}`)
  return multiRow
}

export function execute(
  client: Client,
  { name, sql, multiRow, values }: PreparedStatement,
  inputs: readonly object[],
): Answer[] {
  if (!multiRow || inputs.length === 1)
    return inputs.map((input) => client.query({ name, text: sql, values: values(input) }))
  return [client.query({ name: `${name}_set`, text: multiRow.sql, values: multiRow.values(inputs) })]
}

type Answer = ReturnType<Client['query']>

export const createSessionCoalescer = (client: Client): QueryCoalescer<PreparedStatement> =>
  createQueryCoalescer((statement, queries) => void executeEqual(client, statement, queries))

async function executeEqual(client: Client, statement: PreparedStatement, queries: readonly PendingQuery[]) {
  const inputs = queries.map(({ input }) => input)
  try {
    const answers = await Promise.all(execute(client, statement, inputs))
    if (answers.length < queries.length) distributeRows(answers[0]?.rows ?? [], queries)
    else for (const [index, { resolve }] of queries.entries()) resolve(answers[index]?.rows ?? [])
  } catch (error) {
    for (const { reject } of queries) reject(error)
  }
}
