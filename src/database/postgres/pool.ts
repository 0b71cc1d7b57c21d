import { type ClientBase, Pool, type PoolClient } from 'pg'
import { DatabaseError } from '../database.ts'
import { createHosts, listHosts } from './failover-hosts.ts'

const poolSize = 16
const connectTimeoutMs = 5_000
/** The server is told to cancel a statement that takes this long. */
const statementTimeoutMs = 10_000
/** If the server does not answer within this time, the connection is given up. */
const clientTimeoutMs = 12_000
const timeouts = {
  statement_timeout: statementTimeoutMs,
  query_timeout: clientTimeoutMs,
  idle_in_transaction_session_timeout: clientTimeoutMs,
}

export function openPool(url: string, withoutTimeouts: boolean): Pool {
  const urls = listHosts(url)
  if (!urls.every((one) => URL.canParse(one))) throw new DatabaseError('is not a valid URL')
  const pool = new Pool({
    connectionString: urls[0],
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    ...(!withoutTimeouts && timeouts),
    keepAlive: true,
    pipeline: true,
  })
  // A connection that breaks fails its query, and the next use opens another. The error is emitted as an event as well,
  // which would end the process without these two listeners.
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
  return urls.length === 1 ? pool : withFailover(pool, urls)
}

function withFailover(pool: Pool, urls: readonly string[]): Pool {
  const hosts = createHosts(urls)
  const checkOut = pool.connect.bind(pool) as () => Promise<PoolClient>
  Object.assign(pool.options, { onConnect: assertWritable })
  const connect = () => {
    pool.options.connectionString = hosts.current()
    return checkOut()
  }
  return Object.assign(pool, { connect: () => hosts.tryEach(connect) })
}

/** A standby accepts reads, but may lag behind writes that were acknowledged. */
async function assertWritable(client: ClientBase) {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only')
  if (rows[0]?.transaction_read_only !== 'off')
    throw Object.assign(new Error('The host takes no writes'), { code: '25006' })
}
