/** Kept statements on a connection to PostgreSQL. What is asked at the same time is asked as one statement. */
import type { Client } from './session.ts'
import { type SetStatement, deal, setOf } from './sets.ts'
import type { CompiledStatement, StatementSource } from './statement.ts'
import type { Queries } from './tables.ts'

export interface KeptStatement extends CompiledStatement {
  /** Means the same on every connection. */
  name: string
  set: SetStatement | undefined
}

const kept = new Map<StatementSource, KeptStatement>()

export function keep(source: StatementSource, queries: Queries): KeptStatement {
  const known = kept.get(source)
  if (known) return known
  const compiled = source(queries)
  const made = { ...compiled, name: `belfry_${kept.size}`, set: setOf(compiled) }
  kept.set(source, made)
  return made
}

/** Runs a statement for all inputs, in as few as it can, without waiting in between. */
export function send(
  client: Client,
  statement: KeptStatement,
  inputs: readonly object[],
): Promise<{ rows: unknown[] }>[] {
  const { name, sql, set, values } = statement
  if (set && inputs.length > 1)
    return [client.query({ name: `${name}_set`, text: set.sql, values: set.values(inputs) })]
  return inputs.map((input) => client.query({ name, text: sql, values: values(input) }))
}

interface Question {
  input: object
  resolve(rows: unknown[]): void
  reject(error: unknown): void
}

/** Asks once all have said what they want to know who are about to, and answers the rows. */
export function createAsk(client: Client): (statement: KeptStatement, input: object) => Promise<unknown[]> {
  let waiting = new Map<KeptStatement, Question[]>()
  const askAll = () => {
    const asked = waiting
    waiting = new Map()
    for (const [statement, questions] of asked) void ask(client, statement, questions)
  }
  return (statement, input) =>
    new Promise((resolve, reject) => {
      // The next tick comes when all that can go on has gone on until it waits for something.
      if (waiting.size === 0) process.nextTick(askAll)
      const question = { input, resolve, reject }
      const others = waiting.get(statement)
      if (others) others.push(question)
      else waiting.set(statement, [question])
    })
}

async function ask(client: Client, statement: KeptStatement, questions: readonly Question[]) {
  const inputs = questions.map(({ input }) => input)
  try {
    const answers = await Promise.all(send(client, statement, inputs))
    const [first] = answers
    if (answers.length === questions.length)
      questions.forEach(({ resolve }, index) => resolve(answers[index]?.rows ?? []))
    else deal(first?.rows ?? [], questions)
  } catch (error) {
    for (const { reject } of questions) reject(error)
  }
}
