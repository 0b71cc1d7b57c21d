/** Transactions on one connection to PostgreSQL, in as few round trips as their statements allow. */
import { Kysely, PostgresDialect } from 'kysely'
import { ServiceError } from '../../contract/errors.ts'
import { type Change, type Piece, askApart, findApart } from '../batching/conflict-free.ts'
import type { Asking } from '../batching/query-coalescer.ts'
import { type Client, type KeptStatement, createAskingOf, keep, send } from './prepared-statements.ts'
import type { Tables } from '../schema/tables.ts'
import type { Db } from '../transaction.ts'

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
   * @param sent called when the commit is on its way: what is begun on this connection from now on comes after it
   */
  writeEach(begin: string, pieces: readonly Piece[], sent?: () => void): Promise<Ends>
  /** Runs all at the same time after `begin`, and does not wait for the end of the transaction. */
  readEach(begin: string, pieces: readonly Piece[]): Promise<Ends>
}

type Work<Result> = (db: Db) => Promise<Result>
type End = PromiseSettledResult<unknown>
type Ends = End[]

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
  db: Db
}

export function createSession(driver: Client): Session {
  const state: State = { isBroken: false, isUncertain: false, begun: Promise.resolve(), sent: [] }
  const asking = createAskingOf(driver)
  const client = inOrder(driver, asking)
  const line = { client, state, db: connect(client, state, asking) }
  return {
    get isBroken() {
      return state.isBroken
    },
    get isUncertain() {
      return state.isUncertain
    },
    write: (begin, work) => write(client, state, begin, () => work(line.db)),
    writeEach: (begin, pieces, sent) => write(client, state, begin, () => runEach(line, pieces), sent),
    async readEach(begin, pieces) {
      start(client, state, begin)
      const ends = await Promise.allSettled(pieces.map(async ({ work }) => work(line.db)))
      client.query('commit').catch(() => (state.isBroken = true))
      if (ends.some((end) => end.status === 'rejected' && isOutdated(end.reason))) state.isBroken = true
      return ends
    },
  }
}

/** What is sent does not overtake what was asked before it. */
const inOrder = (driver: Client, asking: Asking<KeptStatement>): Client => ({
  query(query, values) {
    asking.askNow()
    return driver.query(query, values)
  },
})

async function runEach(line: Line, pieces: readonly Piece[]): Promise<Ends> {
  const ends = new Map<Piece, End>()
  const apart = [...findApart(pieces)]
  for (const [index, end] of (await runApart(line, apart)).entries()) ends.set(apart[index] as Piece, end)
  for (const piece of pieces) if (!ends.has(piece)) ends.set(piece, await runUnit(line, piece))
  return pieces.flatMap((piece) => ends.get(piece) ?? [])
}

/** Throws whatever is no refusal, as `runUnit` does. */
async function runApart(line: Line, pieces: readonly Piece[]): Promise<Ends> {
  if (pieces.length === 0) return []
  const [ends, steps] = await askApart(pieces, line.db.ask)
  await line.state.begun
  for (const changes of steps) sendChanges(line, changes)
  return ends
}

function sendChanges({ client, state, db }: Line, changes: readonly Change[]) {
  for (const [source, alike] of Map.groupBy(changes, ([source]) => source)) {
    const inputs = alike.map(([, input]) => input)
    for (const sent of send(client, keep(source, db), inputs)) void noted(state, sent)
  }
}

function start(client: Client, state: State, begin: string) {
  state.sent = []
  state.begun = noted(state, client.query(begin))
}

async function write<Result>(
  client: Client,
  state: State,
  begin: string,
  work: () => Promise<Result>,
  sent = () => {},
) {
  start(client, state, begin)
  const answers = state.sent
  const result = await work().catch((error: unknown) => rollBack(client, state, answers, error))
  const committed = commit(client, state).catch((error: unknown) => giveUp(client, state, answers, error))
  sent()
  await committed
  return result
}

/** Throws what went wrong first. */
async function rollBack(client: Client, state: State, answers: State['sent'], error: unknown): Promise<never> {
  const [failure = error] = await listFailures(answers)
  await client.query('rollback').catch(() => (state.isBroken = true))
  throw heed(state, failure)
}

/**
 * The same after a commit: the transaction is over, come what may, and another may have begun. Where the connection is lost
 * nobody knows whether the commit got there. Errors of the database tell their severity, in some language.
 */
async function giveUp(client: Client, state: State, answers: State['sent'], error: unknown): Promise<never> {
  const failures = await listFailures(answers)
  const lost = failures.find((failure) => !('severity' in (failure as object))) ?? (await findLoss(client))
  if (lost !== undefined) state.isBroken = state.isUncertain = true
  throw heed(state, lost ?? failures[0] ?? error)
}

/** Why the connection cannot be used, if so. To say nothing disturbs no transaction. */
const findLoss = async (client: Client): Promise<unknown> => (await listFailures([client.query('')]))[0]

/** Answers the failure itself. */
function heed(state: State, failure: unknown): unknown {
  if (isOutdated(failure) || isReadOnly(failure)) state.isBroken = true
  return failure
}

/** A statement that was prepared before the schema changed; a new connection knows it as it is now. */
export function isOutdated(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '26000' || (code === '0A000' && message?.includes('cached plan') === true)
}

/** A database that is made writable again stays read-only for connections that were opened meanwhile. */
const isReadOnly = (error: unknown): boolean => (error as { code?: string }).code === '25006'

/** Throws whatever is no refusal: then the connection is in no state to go on. */
async function runUnit({ client, state, db }: Line, { work }: Piece): Promise<End> {
  void noted(state, client.query('savepoint unit'))
  try {
    return { status: 'fulfilled', value: await work(db) }
  } catch (reason) {
    if (!(reason instanceof ServiceError)) throw reason
    // Going back would heal a transaction in which something failed that nobody waited for, and let it commit.
    const [failure] = await listFailures(state.sent)
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
  const [failure] = await listFailures(state.sent)
  if (failure !== undefined) throw failure
  if ((await committed).command !== 'COMMIT') throw new Error('The transaction was rolled back')
}

async function listFailures(sent: readonly Promise<unknown>[]): Promise<unknown[]> {
  const ends = await Promise.allSettled(sent)
  return ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
}

/** Its failure is looked at later, and must not count as unhandled until then. */
function noted<Value>(state: State, answer: Promise<Value>): Promise<Value> {
  answer.catch(() => {})
  state.sent.push(answer)
  return answer
}

function connect(client: Client, state: State, asking: Asking<KeptStatement>): Db {
  const alone = { query: createQuery(client, state), release() {} }
  const pool = { connect: async () => alone, end: async () => {} }
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
  return Object.assign(queries, {
    ask: (source, input) => asking.ask(keep(source, queries), input),
    async change(source, input) {
      const statement = keep(source, queries)
      await state.begun
      for (const sent of send(client, statement, [input])) void noted(state, sent)
    },
  } satisfies Pick<Db, 'ask' | 'change'>)
}

/** Only what changes nothing is sent along with the beginning: nothing else may run outside a transaction, should that fail. */
function createQuery(client: Client, state: State): Client['query'] {
  return async (query, values) => {
    if (typeof query !== 'string' || !/^select /i.test(query)) await state.begun
    return client.query(query, values)
  }
}
