import type { TransactionBody } from '../transaction.ts'
import { type PendingTransaction, complete } from './batcher.ts'
import type { BatchMember } from './conflict-free.ts'

type Outcomes = PromiseSettledResult<unknown>[]

export interface BatchStrategy {
  /**
   * Runs the batch in one database transaction and returns the outcome of each member; undefined if the transaction failed
   * and left nothing behind.
   * @param onCommitSent may be called once a later batch can begin, because it is ordered after this one
   */
  runBatch(batch: readonly BatchMember[], onCommitSent?: () => void): Promise<Outcomes | undefined>
  /** The same for half of a batch that failed. */
  retryHalf(half: readonly BatchMember[]): Promise<Outcomes | undefined>
  /** Runs one transaction in a database transaction of its own. */
  runSingle(body: TransactionBody): Promise<unknown>
}

/**
 * Bisection: completes each transaction of a batch. A batch that fails is retried by halves until the culprit is alone;
 * it then runs by itself, without holding up the batches that follow.
 */
export const runBisecting = (batch: readonly PendingTransaction[], strategy: BatchStrategy): Promise<void> =>
  completeAll(batch, strategy.runBatch(batch), () => bisect(batch, strategy))

/**
 * The same for a sequence of batches, each of which may begin before the previous one has ended. No batch begins during a
 * bisection: all of them would lose serialisation conflicts against it, and be bisected in turn.
 */
export function runPipelined(strategy: BatchStrategy): (batch: readonly PendingTransaction[]) => Promise<void> {
  let [begun, bisecting]: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
  const bisectInTurn = (batch: readonly PendingTransaction[]) => {
    const done = Promise.all([begun, bisecting]).then(() => bisect(batch, strategy))
    bisecting = done
    return done
  }
  const begin = (batch: readonly PendingTransaction[], onCommitSent: () => void) => {
    const outcomes = strategy.runBatch(batch, onCommitSent)
    begun = outcomes.catch(() => {})
    void completeAll(batch, outcomes, () => bisectInTurn(batch)).finally(onCommitSent)
  }
  return async (batch) => {
    for (let known; known !== bisecting;) await (known = bisecting)
    return new Promise((onCommitSent) => begin(batch, onCommitSent))
  }
}

/** @param retry called if the batch failed as a whole */
async function completeAll(
  batch: readonly PendingTransaction[],
  done: Promise<Outcomes | undefined>,
  retry: () => Promise<void>,
) {
  try {
    const outcomes = await done
    if (outcomes) batch.forEach((transaction, index) => complete(transaction, outcomes[index]))
    else await retry()
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}

async function bisect(batch: readonly PendingTransaction[], strategy: BatchStrategy): Promise<void> {
  const [first, second] = batch
  if (first && !second) void strategy.runSingle(first.body).then(first.resolve, first.reject)
  if (!second) return
  const middle = Math.ceil(batch.length / 2)
  for (const half of [batch.slice(0, middle), batch.slice(middle)])
    await completeAll(half, strategy.retryHalf(half), () => bisect(half, strategy))
}
