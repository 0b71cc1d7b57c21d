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
  /** Whether the connection must not be used again. */
  readonly isBroken: boolean
  /** Whether nobody knows if the last commit got there. */
  readonly isUncertain: boolean
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
    values?: unknown[],
  ): Promise<{ command: string; rows: unknown[] }>
}

interface State {
  isBroken: boolean
  isUncertain: boolean
  begun: Promise<unknown>
  /** What was sent and not waited for. */
  sent: Promise<unknown>[]
}

export function createSession(client: Client): Session {
  const state: State = { isBroken: false, isUncertain: false, begun: Promise.resolve(), sent: [] }
  const db = connect(client, state)
  return {
    get isBroken() {
      return state.isBroken
    },
    get isUncertain() {
      return state.isUncertain
    },
    write: (begin, work) => write(client, state, begin, () => work(db)),
    writeEach: (begin, works) =>
      write(client, state, begin, async () => {
        const ends: Ends = []
        for (const work of works) ends.push(await runUnit(client, state, () => work(db)))
        return ends
      }),
    async readEach(begin, works) {
      start(client, state, begin)
      const ends = await Promise.allSettled(works.map(async (work) => work(db)))
      client.query('commit').catch(() => (state.isBroken = true))
      if (ends.some((end) => end.status === 'rejected' && isOutdated(end.reason))) state.isBroken = true
      return ends
    },
  }
}

function start(client: Client, state: State, begin: string) {
  state.sent = []
  state.begun = noted(state, client.query(begin))
}

async function write<Result>(client: Client, state: State, begin: string, work: () => Promise<Result>) {
  start(client, state, begin)
  try {
    const result = await work()
    await commit(client, state)
    return result
  } catch (error) {
    const failure = (await firstFailure(state)) ?? error
    await client.query('rollback').catch(() => (state.isBroken = state.isUncertain = true))
    if (isOutdated(failure) || isReadOnly(failure)) state.isBroken = true
    throw failure
  }
}

/** A statement that was prepared before the schema changed; a new connection knows it as it is now. */
export function isOutdated(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '26000' || (code === '0A000' && message?.includes('cached plan') === true)
}

/** A database that is made writable again stays read-only for connections that were opened meanwhile. */
const isReadOnly = (error: unknown): boolean => (error as { code?: string }).code === '25006'

/** Throws whatever is no refusal: then the connection is in no state to go on. */
async function runUnit(client: Client, state: State, work: () => Promise<unknown>): Promise<Ends[number]> {
  void noted(state, client.query('savepoint unit'))
  try {
    return { status: 'fulfilled', value: await work() }
  } catch (reason) {
    if (!(reason instanceof ServiceError)) throw reason
    // Going back would heal a transaction in which something failed that nobody waited for, and let it commit.
    const failure = await firstFailure(state)
    if (failure !== undefined) throw failure
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
  const alone = { query: createQuery(client, state), release() {} }
  const pool = { connect: async () => alone, end: async () => {} }
  const connection = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
  return Object.assign(connection, { run: createRun(client, state, (source) => compile(source, connection)) })
}

/** Only what changes nothing is sent along with the beginning: nothing else may run outside a transaction, should that fail. */
function createQuery(client: Client, state: State): Client['query'] {
  return async (query, values) => {
    if (typeof query !== 'string' || !/^select /i.test(query)) await state.begun
    return client.query(query, values)
  }
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
    const { name, sql: text, gives, writes, values } = prepare(source)
    const query = { name, text, values: values(input) }
    if (writes) await state.begun
    if (gives) return (await client.query(query)).rows
    void noted(state, client.query(query))
    return []
  }
}
