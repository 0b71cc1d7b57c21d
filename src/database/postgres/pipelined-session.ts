/** Transactions on one connection to PostgreSQL, in as few round trips as their statements allow. */
import type { Piece } from '../batching/conflict-free.ts'
import type { Db } from '../transaction.ts'
import { type Ends, runEach } from './batch-execution.ts'
import { isOutdated, isReadOnly } from './errors.ts'
import { type State, connect, inOrder, listFailures, noted } from './pipeline.ts'
import { type Client, createAskingOf } from './prepared-statements.ts'

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

/** PostgreSQL ends a transaction in which something failed with the tag ROLLBACK, and calls that a success. */
async function commit(client: Client, state: State) {
  const committed = noted(state, client.query('commit'))
  const [failure] = await listFailures(state.sent)
  if (failure !== undefined) throw failure
  if ((await committed).command !== 'COMMIT') throw new Error('The transaction was rolled back')
}
