import { Kysely, PostgresDialect } from 'kysely'
import type { Asking } from '../batching/query-coalescer.ts'
import type { Tables } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'
import { type Client, type KeptStatement, keep, send } from './prepared-statements.ts'

export interface State {
  isBroken: boolean
  isUncertain: boolean
  begun: Promise<unknown>
  /** What was sent and not waited for. */
  sent: Promise<unknown>[]
}

/** A connection in use. */
export interface Line {
  client: Client
  state: State
  db: Db
}

/** What is sent does not overtake what was asked before it. */
export const inOrder = (driver: Client, asking: Asking<KeptStatement>): Client => ({
  query(query, values) {
    asking.askNow()
    return driver.query(query, values)
  },
})

export async function listFailures(sent: readonly Promise<unknown>[]): Promise<unknown[]> {
  const ends = await Promise.allSettled(sent)
  return ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
}

/** Its failure is looked at later, and must not count as unhandled until then. */
export function noted<Value>(state: State, answer: Promise<Value>): Promise<Value> {
  answer.catch(() => {})
  state.sent.push(answer)
  return answer
}

export function connect(client: Client, state: State, asking: Asking<KeptStatement>): Db {
  const alone = { query: createQuery(client, state), release() {} }
  const pool = { connect: async () => alone, end: async () => {} }
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
  return Object.assign(queries, {
    runQuery: (source, input) => asking.ask(keep(source, queries), input),
    async runWrite(source, input) {
      const statement = keep(source, queries)
      await state.begun
      for (const sent of send(client, statement, [input])) void noted(state, sent)
    },
  } satisfies Pick<Db, 'runQuery' | 'runWrite'>)
}

/** Only what changes nothing is sent along with the beginning: nothing else may run outside a transaction, should that fail. */
function createQuery(client: Client, state: State): Client['query'] {
  return async (query, values) => {
    if (typeof query !== 'string' || !/^select /i.test(query)) await state.begun
    return client.query(query, values)
  }
}
