import { Kysely } from 'kysely'
import type { Piece } from '../batching/conflict-free.ts'
import { type ClientBase, Pool, type PoolClient, type PoolConfig } from 'pg'
import { ServiceError, serviceUnavailable } from '../../contract/errors.ts'
import { DatabaseError, type Engine, type Tally } from '../database.ts'
import { gather } from '../batching/batcher.ts'
import { createHosts, listHosts } from './failover-hosts.ts'
import { PortableDialect } from './migration-lock.ts'
import { retryConflicts } from '../batching/retry.ts'
import { type Session, isOutdated } from './pipelined-session.ts'
import { createLender, sharing, using } from './session-pool.ts'
import { type Ways, settleOverlapping, settleTogether } from '../batching/bisect.ts'
import type { Tables } from '../schema/tables.ts'
import { createTurns } from '../batching/shared-exclusive-lock.ts'

const poolSize = 16
const connectTimeoutMs = 5_000
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
  const tally = { commits: 0, writes: 0 }
  const writing: Ways = {
    together: (pieces, sent) =>
      turns.together(() => useShared((session) => writeTogether(session, beginWrites, pieces, tally, sent))),
    again: (pieces) => turns.together(() => use((session) => writeTogether(session, beginHalf, pieces, tally))),
    alone: inTurn(
      (work) => retryConflicts(() => use((session) => writeAlone(session, work, tally)), classify, turns),
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
    adopt() {},
    database: {
      write: (work, touches) => write(work, touches).catch(translate),
      tally,
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
  tally: Tally,
  sent?: () => void,
) {
  try {
    const ends = await session.writeEach(begin, pieces, sent)
    tally.commits++
    tally.writes += pieces.length
    return ends
  } catch (error) {
    if (session.isUncertain || spoilsAll(error)) throw error
    return undefined
  }
}

async function writeAlone(session: Session, work: Work, tally: Tally) {
  const result = await session.write(beginWrite, work)
  tally.commits++
  tally.writes++
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

function openPool(url: string, timeouts: PoolConfig): Pool {
  const urls = listHosts(url)
  if (!urls.every((one) => URL.canParse(one))) throw new DatabaseError('is not a valid URL')
  const pool = new Pool({
    connectionString: urls[0],
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    ...timeouts,
    keepAlive: true,
    pipeline: true,
  })
  // A connection that breaks fails the query that is on it; the next use opens another. Without these two
  // listeners the same news, told as an event as well, would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
  return urls.length === 1 ? pool : takeTurns(pool, urls)
}

/** Connects to the host that takes writes, and looks for another once it fails. */
function takeTurns(pool: Pool, urls: readonly string[]): Pool {
  const hosts = createHosts(urls)
  const lend = pool.connect.bind(pool) as () => Promise<PoolClient>
  // The driver waits for what this promises, whatever its type says.
  Object.assign(pool.options, { onConnect: assertWritable })
  const connect = () => {
    pool.options.connectionString = hosts.current()
    return lend()
  }
  return Object.assign(pool, { connect: () => hosts.tryEach(connect) })
}

/** A standby can be read, and must not be: what was acknowledged just now may not have got there yet. */
async function assertWritable(client: ClientBase) {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only')
  if (rows[0]?.transaction_read_only !== 'off')
    throw Object.assign(new Error('The host takes no writes'), { code: '25006' })
}

function classify(error: unknown) {
  const code = codeOf(error)
  if (code === '23505') return 'unique'
  return serialisation.has(code) || isOutdated(error) ? 'serialisation' : undefined
}
/** The third follows from another error, which may have been one of the first. */
const serialisation: ReadonlySet<string> = new Set(['40001', '40P01', '25P02'])

/**
 * SQLSTATE classes and codes that say "not now" or "not this disk"; the rest is a fault of the program. A file system that
 * is read-only counts as a lack of privilege (42501), and a quota or a damaged page as a fault within PostgreSQL (XX).
 */
const unavailable =
  /^(?:08...|25P0[34]|28...|3D000|42501|53...|57P..|57014|58...|25006|40003|XX00[012]|ECONN\w+|EHOST\w+|ENET\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/
const unavailableMessage =
  /timeout exceeded when trying to connect|hot standby|Query read timeout|Connection terminated|Client has encountered|Client was closed|Cannot use a pool after calling end/

const isUnavailable = (error: unknown) =>
  unavailable.test(codeOf(error)) || unavailableMessage.test((error as Error).message)

/** What took too long, or met a damaged page, did so for one of them; whatever else keeps the store from serving does so for all. */
const spoilsAll = (error: unknown) => isUnavailable(error) && !/^(?:57014|XX00[012])$/.test(codeOf(error))

function translate(error: unknown): never {
  // Who lost against others until the end is told to come back.
  if (isUnavailable(error) || classify(error) === 'serialisation')
    throw Object.assign(serviceUnavailable(), { cause: error })
  throw error
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''
