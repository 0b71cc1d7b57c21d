import { type ClientBase, Pool, type PoolClient, type PoolConfig } from 'pg'
import { DatabaseError } from '../database.ts'
import { createHosts, listHosts } from './failover-hosts.ts'

const poolSize = 16
const connectTimeoutMs = 5_000

export function openPool(url: string, timeouts: PoolConfig): Pool {
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
