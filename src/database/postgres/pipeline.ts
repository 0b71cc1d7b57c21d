import { Kysely, PostgresDialect } from 'kysely'
import type { QueryCoalescer } from '../batching/query-coalescer.ts'
import type { Tables } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'
import { type Client, type PreparedStatement, execute, prepare } from './prepared-statements.ts'

/** A connection on which statements are sent before earlier ones are answered. */
export interface Pipeline {
  client: Client
  state: PipelineState
  db: Db
}

export interface PipelineState {
  isUnusable: boolean
  isCommitOutcomeUnknown: boolean
  begun: Promise<unknown>
  /** The answers that were not awaited. */
  sent: Promise<unknown>[]
}

/** A client whose statements do not overtake queries that were enqueued before. */
export const inOrder = (driver: Client, coalescer: QueryCoalescer<PreparedStatement>): Client => ({
  query(query, values) {
    coalescer.flush()
    return driver.query(query, values)
  },
})

export async function listFailures(sent: readonly Promise<unknown>[]): Promise<unknown[]> {
  const ends = await Promise.allSettled(sent)
  return ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
}

/** Records an answer whose failure is looked at later, and must not count as unhandled until then. */
export function track<Value>(state: PipelineState, answer: Promise<Value>): Promise<Value> {
  answer.catch(() => {})
  state.sent.push(answer)
  return answer
}

export function connect(client: Client, state: PipelineState, coalescer: QueryCoalescer<PreparedStatement>): Db {
  const connection = { query: createQuery(client, state), release() {} }
  const pool = { connect: async () => connection, end: async () => {} }
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
  return Object.assign(queries, {
    runQuery: (source, input) => coalescer.enqueue(prepare(source, queries), input),
    async runWrite(source, input) {
      const statement = prepare(source, queries)
      await state.begun
      for (const answer of execute(client, statement, [input])) void track(state, answer)
    },
  } satisfies Pick<Db, 'runQuery' | 'runWrite'>)
}

/** Only a select may be sent before the transaction has begun: if that fails, the statement runs outside a transaction. */
function createQuery(client: Client, state: PipelineState): Client['query'] {
  return async (query, values) => {
    if (typeof query !== 'string' || !/^select /i.test(query)) await state.begun
    return client.query(query, values)
  }
}
