import { Kysely } from 'kysely'
import { type ClientBase, Pool, type PoolClient, type PoolConfig } from 'pg'
import { serviceUnavailable } from '../contract/errors.ts'
import { type Database, DatabaseError, type Engine } from './database.ts'
import { createHosts, listHosts } from './hosts.ts'
import { PortableDialect } from './migration-lock.ts'
import { retryConflicts } from './retry.ts'
import { type Session, createSession } from './session.ts'
import type { Tables } from './tables.ts'
import { createTurns } from './turns.ts'

const poolSize = 16
const connectTimeoutMs = 5_000
/** A server that hangs is given up: it is told to end the statement, and if it says nothing we stop listening. */
const statementTimeoutMs = 10_000
const silenceTimeoutMs = 12_000
const timeouts = {
  statement_timeout: statementTimeoutMs,
  query_timeout: silenceTimeoutMs,
  idle_in_transaction_session_timeout: silenceTimeoutMs,
}

const beginWrite = 'start transaction isolation level serializable'
const beginRead = 'start transaction isolation level repeatable read read only'

/**
 * Every write is serialisable: a conflict is tried again, as distributed engines expect.
 * @param isPatient whether a statement may take as long as it likes: where nobody waits for an answer
 */
export function openPostgres(url: string, isPatient = false): Engine {
  const pool = openPool(url, isPatient ? {} : timeouts)
  const turns = createTurns()
  const connection = new Kysely<Tables>({ dialect: new PortableDialect({ pool }) })
  const use = withSession(pool)
  const tally = { commits: 0, writes: 0 }
  const commit: Database['write'] = async (work) => {
    const result = await use((session) => session.write(beginWrite, work))
    tally.commits++
    tally.writes++
    return result
  }
  return {
    connection,
    adopt() {},
    database: {
      write: (work) => retryConflicts(() => commit(work), classify, turns).catch(translate),
      tally,
      read: (work) => use((session) => session.read(beginRead, work)).catch(translate),
      close: () => connection.destroy(),
    },
  }
}

/** Lends out connections; one that breaks is not used again. */
function withSession(pool: Pool) {
  const sessions = new WeakMap<PoolClient, Session>()
  return async <Result>(use: (session: Session) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect()
    const session = sessions.get(client) ?? createSession(client)
    sessions.set(client, session)
    return use(session).finally(() => client.release(session.isBroken))
  }
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
  return code === '40001' || code === '40P01' ? 'serialisation' : undefined
}

/** SQLSTATE classes and codes that say "not now"; the rest is a fault of the program. */
const unavailable =
  /^(?:08...|28...|3D000|53...|57P..|57014|58...|25006|40001|40P01|ECONN\w+|EHOST\w+|ENET\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/
const unavailableMessage =
  /timeout exceeded when trying to connect|hot standby|Query read timeout|Connection terminated|Client has encountered|Client was closed/

function translate(error: unknown): never {
  if (unavailable.test(codeOf(error)) || unavailableMessage.test((error as Error).message))
    throw Object.assign(serviceUnavailable(), { cause: error })
  throw error
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''
