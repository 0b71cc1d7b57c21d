/** Kept statements on a connection to PostgreSQL. What is asked at the same time is asked as one. */
import type { Client } from './session.ts'
import { type Question, type SetStatement, deal, setOf } from './sets.ts'
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

/** Sends a statement for all inputs at once if that can be, or else for one after the other. */
export function send(client: Client, { name, sql, set, values }: KeptStatement, inputs: readonly object[]): Sent[] {
  if (!set || inputs.length === 1)
    return inputs.map((input) => client.query({ name, text: sql, values: values(input) }))
  return [client.query({ name: `${name}_set`, text: set.sql, values: set.values(inputs) })]
}

type Sent = ReturnType<Client['query']>

export interface Asking {
  /** Asks a kept statement, and answers its rows. Waits for all who are about to ask, unless told. */
  ask(statement: KeptStatement, input: object): Promise<unknown[]>
  askNow(): void
}

export function createAsking(client: Client): Asking {
  let waiting: [KeptStatement, Question][] = []
  const askNow = () => {
    const asked = Map.groupBy(waiting, ([statement]) => statement)
    waiting = []
    for (const [statement, alike] of asked) {
      const questions = alike.map(([, question]) => question)
      void askOne(client, statement, questions)
    }
  }
  return {
    askNow,
    ask: (statement, input) =>
      new Promise((resolve, reject) => {
        // The next tick comes when everything that could go on has gone on until it waits for something.
        if (waiting.length === 0) process.nextTick(askNow)
        waiting.push([statement, { input, resolve, reject }])
      }),
  }
}

async function askOne(client: Client, statement: KeptStatement, questions: readonly Question[]) {
  const inputs = questions.map(({ input }) => input)
  try {
    const answers = await Promise.all(send(client, statement, inputs))
    if (answers.length < questions.length) deal(answers[0]?.rows ?? [], questions)
    else for (const [index, { resolve }] of questions.entries()) resolve(answers[index]?.rows ?? [])
  } catch (error) {
    for (const { reject } of questions) reject(error)
  }
}
