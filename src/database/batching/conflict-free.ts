/** Interleaving: transactions that do not conflict run at the same time within one database transaction. */
import { ServiceError } from '../../contract/errors.ts'
import type { ConflictKeys, Db, PreparedSource, Queries, TransactionBody } from '../transaction.ts'

export interface BatchMember {
  body: TransactionBody
  conflictKeys?: ConflictKeys | undefined
}

/** Selects transactions with disjoint conflict keys. Running them interleaved is equivalent to running them one after the other. */
export function selectConflictFree<Member extends BatchMember>(batch: readonly Member[]): Set<Member> {
  const taken = new Set<string>()
  const isConflictFree = ({ conflictKeys }: BatchMember) => {
    if (!conflictKeys || conflictKeys.some((key) => taken.has(key))) return false
    for (const key of conflictKeys) taken.add(key)
    return true
  }
  return new Set(batch.filter(isConflictFree))
}

export type BufferedWrite = readonly [source: PreparedSource, input: object]

/**
 * Read phase: runs each transaction against a `Db` that buffers its writes. Returns the outcome of each, and the buffered
 * writes in steps: the first write of every transaction, then the second of every transaction, and so on. A transaction
 * that was refused has no writes. Throws anything but a `ServiceError`.
 */
export async function runReadPhase(
  members: readonly BatchMember[],
  runQuery: Db['runQuery'],
): Promise<[PromiseSettledResult<unknown>[], BufferedWrite[][]]> {
  const steps: BufferedWrite[][] = []
  const outcomes = await Promise.allSettled(
    members.map(async ({ body }) => {
      const writes: BufferedWrite[] = []
      const value = await body(bufferingDb(writes, runQuery))
      for (const [step, write] of writes.entries()) (steps[step] ??= []).push(write)
      return value
    }),
  )
  for (const outcome of outcomes)
    if (outcome.status === 'rejected' && !(outcome.reason instanceof ServiceError)) throw outcome.reason
  return [outcomes, steps]
}

/** A `Db` that buffers writes instead of running them. It cannot show a transaction its own writes, so it refuses later reads. */
const bufferingDb = (writes: BufferedWrite[], runQuery: Db['runQuery']): Db => ({
  ...preparedOnly,
  runQuery(source, input) {
    if (writes.length > 0) throw new Error('An interleaved transaction must not read after it has written')
    return runQuery(source, input)
  },
  runWrite: (source, input) => void writes.push([source, input]),
})

const refuse = () => {
  throw new Error('An interleaved transaction must use prepared queries only')
}
const names = ['selectFrom', 'selectNoFrom', 'insertInto', 'updateTable', 'deleteFrom', 'fn', 'getExecutor'] as const
const preparedOnly = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Queries
