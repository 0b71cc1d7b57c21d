/** Transactions on one connection to PostgreSQL, in as few round trips as their statements allow. */
import { Kysely, PostgresDialect } from 'kysely'
import { ServiceError } from '../contract/errors.ts'
import type { CompiledStatement, StatementSource } from './statement.ts'
import type { Db, Tables } from './tables.ts'

/**
 * Sends what does not depend on an answer without waiting for one: the beginning goes along with the first statement,
 * and statements that give no rows go along with the commit, where their errors are told.
 */
export interface Session {
  /** Whether the connection is in no known state, and must not be used again. */
  readonly isBroken: boolean
  /** Runs `work` between `begin` and a commit that it waits for. */
  write<Result>(begin: string, work: Work<Result>): Promise<Result>
  /**
   * The same for several, one after the other, each in a savepoint of its own: one that refuses undoes itself alone.
   * Rejects after any other error; then nothing of them all is there, unless the connection is broken.
   */
  writeEach(begin: string, works: readonly Work<unknown>[]): Promise<Ends>
  /** Runs all at the same time after `begin`, and does not wait for the end of the transaction. */
  readEach(begin: string, works: readonly Work<unknown>[]): Promise<Ends>
}

type Work<Result> = (db: Db) => Promise<Result>
type Ends = PromiseSettledResult<unknown>[]

/** What a session needs of the driver's connection. */
export interface Client {
  query(
    query: string | { name: string; text: string; values: unknown[] },
  ): Promise<{ command: string; rows: unknown[] }>
}

interface State {
  isBroken: boolean
  begun: Promise<unknown>
  /** What was sent and not waited for. */
  sent: Promise<unknown>[]
}

export function createSession(client: Client): Session {
  const state: State = { isBroken: false, begun: Promise.resolve(), sent: [] }
  const db = connect(client, state)
  const start = (begin: string) => {
    state.sent = []
    state.begun = noted(state, client.query(begin))
  }
  const write = async <Result>(begin: string, work: Work<Result>) => {
    start(begin)
    try {
      const result = await work(db)
      await commit(client, state)
      return result
    } catch (error) {
      const failure = await firstFailure(state)
      await client.query('rollback').catch(() => (state.isBroken = true))
      throw failure ?? error
    }
  }
  return {
    get isBroken() {
      return state.isBroken
    },
    write,
    writeEach: (begin, works) =>
      write(begin, async () => {
        const ends: Ends = []
        for (const work of works) ends.push(await runUnit(client, state, () => work(db)))
        return ends
      }),
    async readEach(begin, works) {
      start(begin)
      const ends = await Promise.allSettled(works.map((work) => work(db)))
      client.query('commit').catch(() => (state.isBroken = true))
      return ends
    },
  }
}

/** Throws whatever is no refusal: then the connection is in no state to go on. */
async function runUnit(client: Client, state: State, work: () => Promise<unknown>): Promise<Ends[number]> {
  void noted(state, client.query('savepoint unit'))
  try {
    return { status: 'fulfilled', value: await work() }
  } catch (reason) {
    if (!(reason instanceof ServiceError)) throw reason
    void noted(state, client.query('rollback to savepoint unit'))
    return { status: 'rejected', reason }
  } finally {
    void noted(state, client.query('release savepoint unit'))
  }
}

/** PostgreSQL ends a transaction in which something failed with the tag ROLLBACK, and calls that a success. */
async function commit(client: Client, state: State) {
  const committed = noted(state, client.query('commit'))
  const failure = await firstFailure(state)
  if (failure !== undefined) throw failure
  if ((await committed).command !== 'COMMIT') throw new Error('The transaction was rolled back')
}

async function firstFailure({ sent }: State): Promise<unknown> {
  const ends = await Promise.allSettled(sent)
  return ends.find((end) => end.status === 'rejected')?.reason
}

/** Its failure is looked at later, and must not count as unhandled until then. */
function noted<Value>(state: State, answer: Promise<Value>): Promise<Value> {
  answer.catch(() => {})
  state.sent.push(answer)
  return answer
}

function connect(client: Client, state: State): Db {
  const alone = { query: client.query.bind(client), release() {} }
  const pool = { connect: async () => alone, end: async () => {} }
  const connection = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
  return Object.assign(connection, { run: createRun(client, state, (source) => compile(source, connection)) })
}

type Named = CompiledStatement & { name: string }

/** A name means the same statement on every connection. */
const known = new Map<StatementSource, Named>()

function compile(source: StatementSource, connection: Kysely<Tables>): Named {
  const compiled = known.get(source) ?? { ...source(connection), name: `belfry_${known.size}` }
  known.set(source, compiled)
  return compiled
}

function createRun(client: Client, state: State, prepare: (source: StatementSource) => Named): Db['run'] {
  return async (source, input) => {
    const { name, sql: text, gives, values } = prepare(source)
    const query = { name, text, values: values(input) }
    if (gives) return (await client.query(query)).rows
    // Never outside a transaction, should its beginning fail.
    await state.begun
    void noted(state, client.query(query))
    return []
  }
}
