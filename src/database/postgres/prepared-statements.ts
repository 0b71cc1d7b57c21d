/** Kept statements on a connection to PostgreSQL. */
import { type Asking, type Question, createAsking } from '../batching/query-coalescer.ts'
import { type SetStatement, deal, setOf } from './multi-row-statement.ts'
import type { CompiledStatement, PreparedSource } from '../transaction.ts'
import type { Queries } from '../transaction.ts'

/** What is needed of the driver's connection. */
export interface Client {
  query(
    query: string | { name: string; text: string; values: unknown[] },
    values?: unknown[],
  ): Promise<{ command: string; rows: unknown[] }>
}

export interface KeptStatement extends CompiledStatement {
  /** Means the same on every connection. */
  name: string
  set: SetStatement | undefined
}

const kept = new Map<PreparedSource, KeptStatement>()

export function keep(source: PreparedSource, queries: Queries): KeptStatement {
  const known = kept.get(source)
  if (known) return known
  const compiled = source(queries)
  const made = { ...compiled, name: `belfry_${kept.size}`, set: setOf(compiled) }
  kept.set(source, made)
  return made
}

/** Sends a statement for all inputs at once if that can be, or else for one after the other. */
export function send(client: Client, { name, sql, set, values }: KeptStatement, inputs: readonly object[]): Sent[] {
  if (!set || inputs.length === 1)
    return inputs.map((input) => client.query({ name, text: sql, values: values(input) }))
  return [client.query({ name: `${name}_set`, text: set.sql, values: set.values(inputs) })]
}

type Sent = ReturnType<Client['query']>

export const createAskingOf = (client: Client): Asking<KeptStatement> =>
  createAsking((statement, questions) => void askAlike(client, statement, questions))

async function askAlike(client: Client, statement: KeptStatement, questions: readonly Question[]) {
  const inputs = questions.map(({ input }) => input)
  try {
    const answers = await Promise.all(send(client, statement, inputs))
    if (answers.length < questions.length) deal(answers[0]?.rows ?? [], questions)
    else for (const [index, { resolve }] of questions.entries()) resolve(answers[index]?.rows ?? [])
  } catch (error) {
    for (const { reject } of questions) reject(error)
  }
}
