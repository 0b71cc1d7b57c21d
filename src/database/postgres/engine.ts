import { Kysely } from 'kysely'
import { ServiceError } from '../../contract/errors.ts'
import { gather } from '../batching/batcher.ts'
import { type Ways, settleOverlapping, settleTogether } from '../batching/bisect.ts'
import type { Piece } from '../batching/conflict-free.ts'
import { retryConflicts } from '../batching/retry.ts'
import { createTurns } from '../batching/shared-exclusive-lock.ts'
import type { Engine, CommitCounters } from '../database.ts'
import type { Tables } from '../schema/tables.ts'
import { classify, spoilsAll, translate } from './errors.ts'
import { PortableDialect } from './migration-lock.ts'
import type { Session } from './pipelined-session.ts'
import { openPool } from './pool.ts'
import { createLender, sharing, using } from './session-pool.ts'

/** For a turn. Who waited while a connection was given up does not wait for the next one as well. */
const patienceMs = 4_000
/** A server that hangs is given up: it is told to end the statement, and if it says nothing we stop listening. */
const statementTimeoutMs = 10_000
const silenceTimeoutMs = 12_000
const timeouts = {
  statement_timeout: statementTimeoutMs,
  query_timeout: silenceTimeoutMs,
  idle_in_transaction_session_timeout: silenceTimeoutMs,
}

const beginWrite = 'start transaction isolation level serializable'
/** A lock that another server holds must not hold up a whole group for long. */
const beginWrites = `${beginWrite}; set local lock_timeout = 200`
const beginHalf = `${beginWrite}; set local lock_timeout = 20`
/** PostgreSQL keeps up to 64 savepoints of a transaction at hand. */
const togetherAtMost = 32
/** Writes of one server would lose against each other; reads do not. Connections are left for what is done alone. */
const lanes = { write: 1, read: 4, alone: 8 }
const beginRead = 'start transaction isolation level repeatable read read only'

/**
 * Every write is serialisable: a conflict is tried again, as distributed engines expect. Those that arrive together share
 * a transaction, so they do not conflict with each other, and so do those that read.
 * @param isPatient whether a statement may take as long as it likes: where nobody waits for an answer
 */
export function openPostgres(url: string, isPatient = false): Engine {
  const pool = openPool(url, isPatient ? {} : timeouts)
  const patience = isPatient ? Infinity : patienceMs
  const turns = createTurns()
  const connection = new Kysely<Tables>({ dialect: new PortableDialect({ pool }) })
  const lend = createLender(pool)
  const use = using(lend)
  /** A group begins on the connection where the one before it commits, so it comes after it. */
  const useShared = using(sharing(lend))
  const counters = { commits: 0, writes: 0 }
  const writing: Ways = {
    together: (pieces, sent) =>
      turns.together(() => useShared((session) => writeTogether(session, beginWrites, pieces, counters, sent))),
    again: (pieces) => turns.together(() => use((session) => writeTogether(session, beginHalf, pieces, counters))),
    alone: inTurn(
      (work) => retryConflicts(() => use((session) => writeAlone(session, work, counters)), classify, turns),
      patience,
    ),
  }
  const readMany = (pieces: readonly Piece[]) => use((session) => readTogether(session, pieces))
  const reading: Ways = {
    together: readMany,
    again: readMany,
    alone: inTurn((work) => retryConflicts(() => use((session) => readAlone(session, work)), classify), patience),
  }
  const write = gather(lanes.write, togetherAtMost, settleOverlapping(writing), patience)
  const read = gather(lanes.read, togetherAtMost, (group) => settleTogether(group, reading), patience)
  return {
    connection,
    onVerified() {},
    database: {
      write: (work, touches) => write(work, touches).catch(translate),
      counters,
      read: (work) => read(work).catch(translate),
      close: () => connection.destroy(),
    },
  }
}

type Work = Piece['work']

/** So many at a time, lest they take all connections. */
const inTurn = (alone: Ways['alone'], patience: number): Ways['alone'] =>
  gather(lanes.alone, 1, async ([unit]) => unit && alone(unit.work).then(unit.resolve, unit.reject), patience)

async function writeTogether(
  session: Session,
  begin: string,
  pieces: readonly Piece[],
  counters: CommitCounters,
  sent?: () => void,
) {
  try {
    const ends = await session.writeEach(begin, pieces, sent)
    counters.commits++
    counters.writes += pieces.length
    return ends
  } catch (error) {
    if (session.isUncertain || spoilsAll(error)) throw error
    return undefined
  }
}

async function writeAlone(session: Session, work: Work, counters: CommitCounters) {
  const result = await session.write(beginWrite, work)
  counters.commits++
  counters.writes++
  return result
}

async function readTogether(session: Session, pieces: readonly Piece[]) {
  const ends = await session.readEach(beginRead, pieces)
  const reasons = ends.map((end): unknown => (end.status === 'rejected' ? end.reason : undefined))
  const lost = reasons.find((reason) => reason !== undefined && spoilsAll(reason))
  if (lost !== undefined) throw lost
  return reasons.every((reason) => reason === undefined || reason instanceof ServiceError) ? ends : undefined
}

async function readAlone(session: Session, work: Work) {
  const [end] = await session.readEach(beginRead, [{ work }])
  if (end?.status !== 'fulfilled') throw end?.reason
  return end.value
}
