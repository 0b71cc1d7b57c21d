/** Transactions on one connection to PostgreSQL, in as few round trips as their statements allow. */
import type { BatchMember } from '../batching/conflict-free.ts'
import type { TransactionBody } from '../transaction.ts'
import { type Outcomes, runBatch } from './batch-execution.ts'
import { isReadOnly, isStalePlan } from './errors.ts'
import { type Pipeline, type PipelineState, connect, inOrder, listFailures, track } from './pipeline.ts'
import { type Client, createSessionCoalescer } from './prepared-statements.ts'

/**
 * Sends statements that do not depend on an answer without awaiting one: the beginning goes along with the first statement, and
 * statements without rows go along with the commit, which is where their errors are thrown.
 */
export interface Session {
  readonly isUnusable: boolean
  /** Whether the connection broke between the last commit and its answer. */
  readonly isCommitOutcomeUnknown: boolean
  /** Runs `body` between `begin` and a commit that is awaited. */
  write<Result>(begin: string, body: TransactionBody<Result>): Promise<Result>
  /**
   * A member that is refused is undone alone. After any other error nothing of the batch is stored, unless the connection broke.
   * @param onCommitSent called when the commit is sent: transactions that begin on this session from then on come after it
   */
  writeEach(begin: string, batch: readonly BatchMember[], onCommitSent?: () => void): Promise<Outcomes>
  /** Runs all at the same time after `begin`, and does not await the end of the transaction. */
  readEach(begin: string, batch: readonly BatchMember[]): Promise<Outcomes>
}

export function createSession(driver: Client): Session {
  const state: PipelineState = {
    isUnusable: false,
    isCommitOutcomeUnknown: false,
    begun: Promise.resolve(),
    sent: [],
  }
  const coalescer = createSessionCoalescer(driver)
  const client = inOrder(driver, coalescer)
  const pipeline = { client, state, db: connect(client, state, coalescer) }
  return {
    get isUnusable() {
      return state.isUnusable
    },
    get isCommitOutcomeUnknown() {
      return state.isCommitOutcomeUnknown
    },
    write: (begin, body) => write(pipeline, begin, () => body(pipeline.db)),
    writeEach: (begin, batch, onCommitSent) => write(pipeline, begin, () => runBatch(pipeline, batch), onCommitSent),
    async readEach(begin, batch) {
      start(pipeline, begin)
      const outcomes = await Promise.allSettled(batch.map(async ({ body }) => body(pipeline.db)))
      client.query('commit').catch(() => (state.isUnusable = true))
      if (outcomes.some((end) => end.status === 'rejected' && isStalePlan(end.reason))) state.isUnusable = true
      return outcomes
    },
  }
}

type Answers = PipelineState['sent']

function start({ client, state }: Pipeline, begin: string) {
  state.sent = []
  state.begun = track(state, client.query(begin))
}

async function write<Result>(pipeline: Pipeline, begin: string, run: () => Promise<Result>, onCommitSent = () => {}) {
  start(pipeline, begin)
  const answers = pipeline.state.sent
  const result = await run().catch((error: unknown) => rollBack(pipeline, answers, error))
  const committed = commit(pipeline).catch((error: unknown) => failCommit(pipeline, answers, error))
  onCommitSent()
  await committed
  return result
}

async function rollBack({ client, state }: Pipeline, answers: Answers, error: unknown): Promise<never> {
  const [failure = error] = await listFailures(answers)
  await client.query('rollback').catch(() => (state.isUnusable = true))
  throw markIfUnusable(state, failure)
}

/** If the connection was lost, the commit outcome is unknown. Errors of the database itself have a severity. */
async function failCommit({ client, state }: Pipeline, answers: Answers, error: unknown): Promise<never> {
  const failures = await listFailures(answers)
  const lost = failures.find((failure) => !('severity' in (failure as object))) ?? (await ping(client))
  if (lost !== undefined) state.isUnusable = state.isCommitOutcomeUnknown = true
  throw markIfUnusable(state, lost ?? failures[0] ?? error)
}

/** Returns why the connection cannot be used, if so. An empty query disturbs no transaction. */
const ping = async (client: Client): Promise<unknown> => (await listFailures([client.query('')]))[0]

function markIfUnusable(state: PipelineState, failure: unknown): unknown {
  if (isStalePlan(failure) || isReadOnly(failure)) state.isUnusable = true
  return failure
}

/** PostgreSQL ends a transaction in which a statement failed with the command tag ROLLBACK, and reports success. */
async function commit({ client, state }: Pipeline) {
  const committed = track(state, client.query('commit'))
  const [failure] = await listFailures(state.sent)
  if (failure !== undefined) throw failure
  if ((await committed).command !== 'COMMIT') throw new Error('The transaction was rolled back')
}
