import { Kysely } from 'kysely'
import { ServiceError } from '../../contract/errors.ts'
import { createBatcher } from '../batching/batcher.ts'
import { type BatchStrategy, runBisecting, runPipelined } from '../batching/bisect.ts'
import type { BatchMember } from '../batching/conflict-free.ts'
import { retryConflicts } from '../batching/retry.ts'
import { createSharedExclusiveLock } from '../batching/shared-exclusive-lock.ts'
import type { CommitCounters, Engine } from '../database.ts'
import { isReadable } from '../is-readable.ts'
import { preparedSources } from '../prepared-query.ts'
import type { Tables } from '../schema/tables.ts'
import type { TransactionBody } from '../transaction.ts'
import { classify, isStoreWide, translate } from './errors.ts'
import { PortableDialect } from './dialect.ts'
import type { Session } from './pipelined-session.ts'
import { openPool } from './pool.ts'
import { prepare } from './prepared-statements.ts'
import { createSessionPool, sharedCheckout, withSession } from './session-pool.ts'

/** After a connection timed out, the transactions that were queued behind it do not wait for the next one as well. */
const queueTimeoutMs = 4_000

const beginWrite = 'start transaction isolation level serializable'
/** A lock that another server holds must not hold up a whole batch for long. */
const beginBatch = `${beginWrite}; set local lock_timeout = 200`
const beginHalfBatch = `${beginWrite}; set local lock_timeout = 20`
const beginRead = 'start transaction isolation level repeatable read read only'
/** PostgreSQL caches up to 64 savepoints of a transaction in shared memory. */
const maxBatchSize = 32
/** Batches of writes of one server would conflict with each other; reads do not. Single runs must leave connections for batches. */
const concurrency = { write: 1, read: 4, single: 8 }

/**
 * Every write is serialisable, and retried after a conflict as distributed engines expect. Writes that arrive together share a
 * transaction, reads a snapshot. @param withoutTimeouts for maintenance, where a statement may run for hours
 */
export function openPostgres(url: string, withoutTimeouts = false): Engine {
  const pool = openPool(url, withoutTimeouts)
  const queueTimeout = withoutTimeouts ? Infinity : queueTimeoutMs
  const connection = new Kysely<Tables>({ dialect: new PortableDialect({ pool }) })
  for (const source of preparedSources) prepare(source, connection)
  const checkOut = createSessionPool(pool)
  const counters = { commits: 0, writes: 0 }
  const writing = writeStrategy(checkOut, counters, queueTimeout)
  const reading = readStrategy(checkOut, queueTimeout)
  const options = { maxBatchSize, queueTimeoutMs: queueTimeout }
  const write = createBatcher({ ...options, concurrency: concurrency.write, run: runPipelined(writing) })
  const read = createBatcher({
    ...options,
    concurrency: concurrency.read,
    run: (batch) => runBisecting(batch, reading),
  })
  return {
    connection,
    assertComplete() {},
    onMigrated() {},
    database: {
      write: (body, conflictKeys) => write(body, conflictKeys).catch(translate),
      counters,
      read: (body) => read(body).catch(translate),
      scan: (body) => read(body).catch(translate),
      isReadable: () => isReadable(read),
      startUpkeep() {},
      close: () => connection.destroy(),
    },
  }
}

type CheckOut = ReturnType<typeof createSessionPool>

function writeStrategy(checkOut: CheckOut, counters: CommitCounters, queueTimeout: number): BatchStrategy {
  const lock = createSharedExclusiveLock()
  const use = withSession(checkOut)
  /** A batch begins on the connection where the one before it commits, so it is ordered after it. */
  const useShared = withSession(sharedCheckout(checkOut))
  return {
    runBatch: (batch, onCommitSent) =>
      lock.shared(() =>
        useShared((session) => writeBatch(session, { begin: beginBatch, batch, counters, onCommitSent })),
      ),
    retryHalf: (batch) =>
      lock.shared(() => use((session) => writeBatch(session, { begin: beginHalfBatch, batch, counters }))),
    runSingle: limitConcurrency(
      (body) => retryConflicts(() => use((session) => writeSingle(session, body, counters)), classify, lock),
      queueTimeout,
    ),
  }
}

function readStrategy(checkOut: CheckOut, queueTimeout: number): BatchStrategy {
  const use = withSession(checkOut)
  const runBatch = (batch: readonly BatchMember[]) => use((session) => readBatch(session, batch))
  return {
    runBatch,
    retryHalf: runBatch,
    runSingle: limitConcurrency(
      (body) => retryConflicts(() => use((session) => readSingle(session, body)), classify),
      queueTimeout,
    ),
  }
}

const limitConcurrency = (runSingle: BatchStrategy['runSingle'], queueTimeout: number): BatchStrategy['runSingle'] =>
  createBatcher({
    concurrency: concurrency.single,
    maxBatchSize: 1,
    queueTimeoutMs: queueTimeout,
    run: async ([transaction]) =>
      transaction && runSingle(transaction.body).then(transaction.resolve, transaction.reject),
  })

interface WriteBatch {
  begin: string
  batch: readonly BatchMember[]
  counters: CommitCounters
  onCommitSent?: (() => void) | undefined
}

async function writeBatch(session: Session, { begin, batch, counters, onCommitSent }: WriteBatch) {
  try {
    const outcomes = await session.writeEach(begin, batch, onCommitSent)
    counters.commits++
    counters.writes += batch.length
    return outcomes
  } catch (error) {
    if (session.isCommitOutcomeUnknown || isStoreWide(error)) throw error
    return undefined
  }
}

async function writeSingle(session: Session, body: TransactionBody, counters: CommitCounters) {
  const result = await session.write(beginWrite, body)
  counters.commits++
  counters.writes++
  return result
}

async function readBatch(session: Session, batch: readonly BatchMember[]) {
  const outcomes = await session.readEach(beginRead, batch)
  const reasons = outcomes.map((end): unknown => (end.status === 'rejected' ? end.reason : undefined))
  const lost = reasons.find((reason) => reason !== undefined && isStoreWide(reason))
  if (lost !== undefined) throw lost
  return reasons.every((reason) => reason === undefined || reason instanceof ServiceError) ? outcomes : undefined
}

async function readSingle(session: Session, body: TransactionBody) {
  const [outcome] = await session.readEach(beginRead, [{ body }])
  if (outcome?.status !== 'fulfilled') throw outcome?.reason
  return outcome.value
}
