import type { TransactionBody } from '../transaction.ts'
import { type PendingTransaction, complete } from './batcher.ts'
import type { BatchMember } from './conflict-free.ts'

type Outcomes = PromiseSettledResult<unknown>[]

export interface BatchStrategy {
  /** Undefined if the database transaction failed as a whole. @param onCommitSent called once a later batch may begin */
  runBatch(batch: readonly BatchMember[], onCommitSent?: () => void): Promise<Outcomes | undefined>
  retryHalf(half: readonly BatchMember[]): Promise<Outcomes | undefined>
  runSingle(body: TransactionBody): Promise<unknown>
}

/** Completes a batch. If it fails, it is retried by halves until the culprit runs alone, without holding up later batches. */
export const runBisecting = (batch: readonly PendingTransaction[], strategy: BatchStrategy): Promise<void> =>
  completeAll(batch, strategy.runBatch(batch), () => bisect(batch, strategy))

/** The same for batches that overlap. None begins during a bisection, against which all would lose conflicts. */
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
