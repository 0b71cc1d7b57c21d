import { type PendingTransaction, complete, createBatcher } from '../batching/batcher.ts'
import { runReadPhase, selectConflictFree } from '../batching/conflict-free.ts'
import type { CommitCounters, Database } from '../database.ts'
import type { Db } from '../transaction.ts'

type Answer = () => void

export interface Writer {
  db: Db
  execute(command: 'begin immediate' | 'commit' | 'rollback' | `${'savepoint' | 'release' | 'rollback to'} unit`): void
  /** Called after each commit with the number of writes it contained. If it returns a promise, the next transaction waits for it. */
  onCommit(writes: number): Promise<void> | undefined
}

/**
 * Writes that arrive together share one commit, and so one fsync: first the conflict-free set, interleaved, then the others, each
 * in a savepoint. No caller is answered before the fsync, not even with a refusal, which may rest on a write of the same batch.
 */
export const groupCommit = (writer: Writer, counters: CommitCounters): Database['write'] =>
  createBatcher({
    concurrency: 1,
    maxBatchSize: Infinity,
    run: (batch) => commit(writer, batch, counters),
  })

async function commit(writer: Writer, batch: PendingTransaction[], counters: CommitCounters) {
  try {
    writer.execute('begin immediate')
    const answers = await runBatch(writer, batch)
    counters.commits++
    counters.writes += batch.length
    for (const answer of answers) answer()
    await writer.onCommit(batch.length)
  } catch (error) {
    for (const transaction of batch) transaction.reject(error)
  }
}

async function runBatch(writer: Writer, batch: PendingTransaction[]) {
  try {
    const conflictFree = await runConflictFree(writer, [...selectConflictFree(batch)])
    const answers: Answer[] = []
    for (const transaction of batch)
      answers.push(conflictFree.get(transaction) ?? (await runInSavepoint(writer, transaction)))
    writer.execute('commit')
    return answers
  } catch (error) {
    rollBack(writer)
    throw error
  }
}

/** Returns no answers if one of them failed with anything but a refusal: each then runs by itself. */
async function runConflictFree(
  writer: Writer,
  transactions: readonly PendingTransaction[],
): Promise<Map<PendingTransaction, Answer>> {
  if (transactions.length === 0) return new Map()
  try {
    const [outcomes, steps] = await runReadPhase(transactions, writer.db.runQuery)
    for (const [source, input] of steps.flat()) void writer.db.runWrite(source, input)
    return new Map(
      transactions.map((transaction, index) => [transaction, () => complete(transaction, outcomes[index])]),
    )
  } catch (error) {
    beginAgain(writer, error)
    return new Map()
  }
}

/**
 * Nothing else has run yet, so no savepoint is needed, in which SQLite would copy each page before changing it. After a full disk
 * or a failed read SQLite has rolled back by itself; then the first error is thrown.
 */
function beginAgain(writer: Writer, error: unknown) {
  try {
    writer.execute('rollback')
    writer.execute('begin immediate')
  } catch {
    throw error
  }
}

async function runInSavepoint(writer: Writer, { body, resolve, reject }: PendingTransaction): Promise<Answer> {
  writer.execute('savepoint unit')
  try {
    const value = await body(writer.db)
    writer.execute('release unit')
    return () => resolve(value)
  } catch (error) {
    undo(writer, error)
    return () => reject(error)
  }
}

function undo(writer: Writer, error: unknown) {
  try {
    writer.execute('rollback to unit')
    writer.execute('release unit')
  } catch {
    throw error
  }
}

function rollBack(writer: Writer) {
  try {
    writer.execute('rollback')
  } catch {}
}
