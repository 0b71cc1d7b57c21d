import { serviceUnavailable } from '../../contract/errors.ts'
import type { ConflictKeys, TransactionBody } from '../transaction.ts'
import type { BatchMember } from './conflict-free.ts'

/** A transaction body with its promise and its time of arrival. */
export interface PendingTransaction extends BatchMember {
  resolve(value: unknown): void
  reject(error: unknown): void
  arrivedAt: number
}

export function complete(
  { resolve, reject }: PendingTransaction,
  outcome: PromiseSettledResult<unknown> | undefined,
): void {
  if (outcome?.status === 'fulfilled') resolve(outcome.value)
  else reject(outcome?.reason)
}

interface BatcherOptions {
  concurrency: number
  maxBatchSize: number
  /** A transaction that waited longer is refused: a store that hangs takes long to fail, each time. */
  queueTimeoutMs?: number
  run(batch: PendingTransaction[]): Promise<void>
}

/** Collects transactions that arrive while batches are in flight into the next batch. */
export function createBatcher({
  concurrency,
  maxBatchSize,
  queueTimeoutMs = Infinity,
  run,
}: BatcherOptions): <Result>(body: TransactionBody<Result>, conflictKeys?: ConflictKeys) => Promise<Result> {
  const queue: PendingTransaction[] = []
  let [free, isCollecting] = [concurrency, false]
  const dispatch = async () => {
    if (isCollecting || free === 0) return
    rejectOlder(queue, performance.now() - queueTimeoutMs)
    if (queue.length === 0) return
    isCollecting = true
    await untilNoArrivals(queue, maxBatchSize)
    isCollecting = false
    free--
    const done = run(queue.splice(0, maxBatchSize))
    void dispatch()
    await done
    free++
    void dispatch()
  }
  return (body, conflictKeys) =>
    new Promise((resolve, reject) => {
      queue.push({ body, conflictKeys, resolve, reject, arrivedAt: performance.now() })
      void dispatch()
    })
}

function rejectOlder(queue: PendingTransaction[], time: number) {
  const kept = queue.findIndex(({ arrivedAt }) => arrivedAt >= time)
  for (const { reject } of queue.splice(0, kept < 0 ? queue.length : kept)) reject(queueTimeout())
}

const queueTimeout = () =>
  Object.assign(serviceUnavailable(), { cause: new Error('Waited too long for a turn at the database') })

const maxLoopIterations = 4

/** Waits for an iteration of the event loop without arrivals: a larger batch shares the cost of one commit. */
async function untilNoArrivals(queue: readonly unknown[], maxBatchSize: number) {
  for (
    let iterations = 0, before = 0;
    iterations < maxLoopIterations && before < queue.length && queue.length < maxBatchSize;
    iterations++
  ) {
    before = queue.length
    await nextLoopIteration()
  }
}

const nextLoopIteration = () => new Promise((resolve) => setImmediate(resolve))
