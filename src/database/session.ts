/** Transactions on one connection to PostgreSQL, in as few round trips as their statements allow. */
import { Kysely, PostgresDialect } from 'kysely'
import { ServiceError } from '../contract/errors.ts'
import { findApart } from './apart.ts'
import type { Piece } from './gather.ts'
import { type KeptStatement, createAsk, keep, send } from './questions.ts'
import type { Db, Queries, Tables } from './tables.ts'

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
   * The same for several: first those that touch nothing in common, side by side, then the others one after the other, each
   * in a savepoint of its own. One that refuses undoes itself alone. Rejects after any other error; then nothing of them all
   * is there, unless the connection is broken.
   */
  writeEach(begin: string, pieces: readonly Piece[]): Promise<Ends>
  /** Runs all at the same time after `begin`, and does not wait for the end of the transaction. */
  readEach(begin: string, works: readonly Work<unknown>[]): Promise<Ends>
}

type Work<Result> = (db: Db) => Promise<Result>
type End = PromiseSettledResult<unknown>
type Ends = End[]

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

/** A connection in use. */
interface Line {
  client: Client
  state: State
  queries: Kysely<Tables>
  ask: ReturnType<typeof createAsk>
}

export function createSession(client: Client): Session {
  const state: State = { isBroken: false, isUncertain: false, begun: Promise.resolve(), sent: [] }
  const line: Line = { client, state, queries: connect(client, state), ask: createAsk(client) }
  const db = openDb(line)
  return {
    get isBroken() {
      return state.isBroken
    },
    get isUncertain() {
      return state.isUncertain
    },
    write: (begin, work) => write(client, state, begin, () => work(db)),
    writeEach: (begin, pieces) => write(client, state, begin, () => runEach(line, db, pieces)),
    async readEach(begin, works) {
      start(client, state, begin)
      const ends = await Promise.allSettled(works.map(async (work) => work(db)))
      client.query('commit').catch(() => (state.isBroken = true))
      if (ends.some((end) => end.status === 'rejected' && isOutdated(end.reason))) state.isBroken = true
      return ends
    },
  }
}

async function runEach(line: Line, db: Db, pieces: readonly Piece[]): Promise<Ends> {
  const apart = [...findApart(pieces)]
  const ended = await runApart(line, apart)
  const ends = new Map<Piece, End | undefined>(apart.map((piece, index) => [piece, ended[index]]))
  for (const piece of pieces)
    if (!ends.has(piece)) ends.set(piece, await runUnit(line.client, line.state, () => piece.work(db)))
  return pieces.flatMap((piece) => ends.get(piece) ?? [])
}

type Change = [statement: KeptStatement, input: object]

/** What they change is put off until all have asked; one that refuses has changed nothing then. */
async function runApart(line: Line, pieces: readonly Piece[]): Promise<Ends> {
  const changes: Change[][] = []
  const ends = await Promise.allSettled(
    pieces.map(async ({ work }) => {
      const own: Change[] = []
      const value = await work(openPatientDb(line, own))
      changes.push(own)
      return value
    }),
  )
  const fault = ends.find((end) => end.status === 'rejected' && !(end.reason instanceof ServiceError))
  if (fault?.status === 'rejected') throw fault.reason
  await line.state.begun
  for (let step = 0; changes.some((own) => own.length > step); step++)
    sendAlike(
      line,
      changes.flatMap((own) => own.slice(step, step + 1)),
    )
  return ends
}

function sendAlike({ client, state }: Line, changes: readonly Change[]) {
  for (const [statement, alike] of Map.groupBy(changes, ([statement]) => statement)) {
    const inputs = alike.map(([, input]) => input)
    for (const sent of send(client, statement, inputs)) void noted(state, sent)
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

function connect(client: Client, state: State): Kysely<Tables> {
  const alone = { query: createQuery(client, state), release() {} }
  const pool = { connect: async () => alone, end: async () => {} }
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
}

/** Only what changes nothing is sent along with the beginning: nothing else may run outside a transaction, should that fail. */
function createQuery(client: Client, state: State): Client['query'] {
  return async (query, values) => {
    if (typeof query !== 'string' || !/^select /i.test(query)) await state.begun
    return client.query(query, values)
  }
}

function openDb({ client, state, queries, ask }: Line): Db {
  const run: Db['run'] = async (source, input) => {
    const statement = keep(source, queries)
    if (!statement.writes) return ask(statement, input)
    await state.begun
    const [sent] = send(client, statement, [input])
    if (sent && statement.gives) return (await sent).rows
    if (sent) void noted(state, sent)
    return []
  }
  return Object.assign(queries, { run })
}

/** Notes what is to be changed, and changes nothing. */
function openPatientDb({ queries, ask }: Line, changes: Change[]): Db {
  const run: Db['run'] = async (source, input) => {
    const statement = keep(source, queries)
    if (changes.length > 0 && statement.gives) throw new Error('It asked after it changed something')
    if (!statement.gives) changes.push([statement, input])
    return statement.gives ? ask(statement, input) : []
  }
  return { ...nothingElse, run }
}

const names = ['selectFrom', 'selectNoFrom', 'insertInto', 'updateTable', 'deleteFrom', 'fn', 'getExecutor'] as const
const refuse = () => {
  throw new Error('Only kept statements may run side by side')
}
const nothingElse = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Queries
