/** Starts a server in this process on the engine of the Vitest project, with a new database and a movable clock. */
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Chime, type ChimeClientConfig } from '@aws-sdk/client-chime'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type SettingName, readConfig } from '../../src/config.ts'
import { addToStock } from '../../src/domains/stock/store.ts'
import { sha256 } from '../../src/primitives/digest.ts'
import { findPrincipal } from '../../src/domains/principals/store.ts'
import { provisionKey, provisionPrincipal } from '../../src/identity/provision.ts'
import { type Belfry, startServer } from '../../src/server.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { afterTests } from './clean-up.ts'
import { assertNoLeak } from './leaks.ts'
import { assertListed, readRefusals } from './refusals.ts'
import { noteSecret } from './secrets.ts'

export interface TestBelfry extends Belfry {
  /** `BELFRY_DATABASE` of this server, to start another server on the same database. */
  databaseUrl: string
  settings: Partial<Record<SettingName, string>>
  /** The lines of its log, each in JSON. */
  log: string[]
  /** Moves the clocks of the server and of its tenants' clients forward. */
  advance(milliseconds: number): void
  /** Creates a caller, by default in a new AWS account, so that tests do not share data. */
  tenant(key?: NewKey): Promise<Tenant>
  /** Adds new numbers to the stock and returns them. */
  stock(count: number, facts?: Partial<StockFacts>): Promise<string[]>
}

interface StockFacts {
  country: string
  type: 'Local' | 'TollFree'
  area_code: string | null
  city_key: string | null
  state_key: string | null
}

interface NewKey {
  awsAccountId?: string
  /** Default: `tester`, or a new principal if a policy is given. Created if it does not exist. */
  principal?: string
  /** The name of a built-in policy or a document. Default: everything is allowed. */
  policy?: string
  active?: boolean
  sessionToken?: string
  /** ISO-8601 */
  expiresAt?: string
  requestsPerSecond?: number
}

export interface Tenant {
  chime: Chime
  awsAccountId: string
  /** The name of the principal. */
  principal: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  /** By the clock of the server. */
  now(): Date
}

export const dayMs = 24 * 60 * 60 * 1000

const logs: string[][] = []
afterTests((file) => {
  const refusals = logs.flatMap(readRefusals)
  file.meta.refusals = [...new Set(refusals.map(({ operation, error }) => `${operation} ${error}`))]
  assertListed(refusals)
  for (const log of logs) assertNoLeak(log)
})

/** Starts a server. It is closed and its database dropped after the tests of the file. */
export async function startBelfry(settings: Partial<Record<SettingName, string>> = {}): Promise<TestBelfry> {
  const databaseUrl = settings.DATABASE ?? (await newDatabase())
  const all = { PORT: '0', SEALING_KEY: sealingKey, PHONE_NUMBER_QUOTA: '0', ...settings, DATABASE: databaseUrl }
  noteSecret(all.SEALING_KEY, settings.ROOT_SECRET_ACCESS_KEY, settings.METRICS_TOKEN)
  const log: string[] = []
  const clients: Chime[] = []
  let offset = 0
  const now = () => new Date(Date.now() + offset)
  const belfry = await startServer(readConfig({}, all), {
    clock: now,
    log: createLog('debug', { write: (line) => void log.push(line) }),
  })
  logs.push(log)
  afterTests(() => belfry.close())
  return {
    ...belfry,
    databaseUrl,
    settings: all,
    log,
    advance(milliseconds) {
      offset += milliseconds
      for (const client of clients) client.config.systemClockOffset = offset
    },
    async tenant(key = {}) {
      const awsAccountId = key.awsAccountId ?? String(randomInt(100_000_000_000, 1_000_000_000_000))
      const principal =
        key.principal ?? (key.policy === undefined ? 'tester' : `tester-${randomBytes(4).toString('hex')}`)
      const credentials = await createKey(belfry, { ...key, awsAccountId, principal })
      const chime = createClient(belfry.url, credentials, { systemClockOffset: offset })
      clients.push(chime)
      return { chime, awsAccountId, principal, credentials, now }
    },
    stock: (count, facts) => addNumbers(belfry, count, facts),
  }
}

/** Starts a server for the tests of the file, with a caller that has all permissions in a new AWS account. */
export async function useBelfry(
  settings?: Partial<Record<SettingName, string>>,
): Promise<{ belfry: TestBelfry; tenant: Tenant; chime: Chime }> {
  const belfry = await startBelfry(settings)
  const tenant = await belfry.tenant()
  return { belfry, tenant, chime: tenant.chime }
}

const sealingKey = randomBytes(32).toString('base64')

export const createClient = (
  endpoint: string,
  credentials: Tenant['credentials'],
  config: Partial<ChimeClientConfig> = {},
): Chime => new Chime({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1, ...config })

async function createKey({ database, sealer }: Belfry, key: NewKey & { awsAccountId: string; principal: string }) {
  const { awsAccountId, principal: name, policy, sessionToken } = key
  const now = new Date().toISOString()
  const traits = {
    status: key.active === false ? ('Inactive' as const) : ('Active' as const),
    session_token_hash: sessionToken === undefined ? null : sha256(sessionToken),
    expires_at: key.expiresAt ?? null,
    requests_per_second: key.requestsPerSecond ?? null,
  }
  const pair = await database.write(async (db) => {
    const found = await findPrincipal(db, { awsAccountId }, name)
    const principal = found ?? (await provisionPrincipal(db, now, { awsAccountId, name, policy }))
    return provisionKey(db, sealer, { principal, now, ...traits })
  })
  noteSecret(pair.secretAccessKey, sessionToken)
  return sessionToken === undefined ? pair : { ...pair, sessionToken }
}

let nextNumber = randomInt(0, 1_000_000)

async function addNumbers({ database }: Belfry, count: number, facts: Partial<StockFacts> = {}): Promise<string[]> {
  const prefix = facts.type === 'TollFree' ? '+1833' : facts.country === 'GB' ? '+4420' : '+1206'
  const digits = facts.country === 'GB' ? 8 : 7
  const rows = Array.from({ length: count }, () => ({
    phone_number: prefix + String(2_000_000 + (nextNumber++ % 7_000_000)).padStart(digits, '7'),
    country: 'US',
    type: 'Local' as const,
    area_code: '206',
    city_key: 'seattle',
    state_key: 'wa',
    ...facts,
    available: 1,
  }))
  await database.write((db) => addToStock(db, rows))
  return rows.map(({ phone_number }) => phone_number)
}

/** The URL of a new, empty database on the engine of the project. */
export async function newDatabase(): Promise<string> {
  return inject('postgres') === '' ? newSqliteDatabase() : newPostgresDatabase(inject('postgres'))
}

export const isSqlite = (url: string): boolean => url.startsWith('sqlite:')

function newSqliteDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  afterTests(() => rmSync(folder, { recursive: true, force: true }))
  return `sqlite:${join(folder, 'belfry.db')}`
}

async function newPostgresDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await runSql(server, `CREATE DATABASE ${name}`)
  afterTests(() => runSql(server, `DROP DATABASE ${name} WITH (FORCE)`))
  return server.replace(/[^/]*$/, name)
}

export async function runSql(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(sql)
  await client.end()
}
