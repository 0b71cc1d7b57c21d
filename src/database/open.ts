import { existsSync } from 'node:fs'
import { type Database, DatabaseError, type Engine } from './database.ts'
import { assertOurs, listPending, migrate } from './migrations/migrate.ts'
import type { Connection } from './schema/tables.ts'

/** An open database, and the migrations that were applied to it just now, or are still pending. */
export interface Opened {
  database: Database
  migrations: string[]
  connection: Connection
}

/** Opens `sqlite:<file>` or `postgres://…` and brings its schema up to date. Throws `DatabaseError`. */
export const openDatabase = async (url: string): Promise<Database> => (await openMigrated(url)).database

/** Never creates a database. Throws `DatabaseError`. */
export async function openExisting(url: string): Promise<Database> {
  assertExists(url)
  return openDatabase(url)
}

/** As `openDatabase`, and returns the migrations that were applied. @param withoutTimeouts for statements that may run for hours */
export function openMigrated(url: string, withoutTimeouts = false): Promise<Opened> {
  return openEngine(url, { withoutTimeouts, unchanged: false }, ({ connection, onVerified }) => {
    onVerified()
    return migrate(connection)
  })
}

/** Creates no database and changes nothing, so it works in a read-only place. Throws `DatabaseError`. */
export async function openUnmigrated(url: string, withoutTimeouts = false): Promise<Opened> {
  assertExists(url)
  return openEngine(url, { withoutTimeouts, unchanged: true }, ({ connection }) => listPending(connection))
}

function assertExists(url: string) {
  const file = fileOf(url)
  if (file !== undefined && !existsSync(file)) throw new DatabaseError('does not exist')
}

export const fileOf = (url: string): string | undefined => /^sqlite:(.*)$/s.exec(url)?.[1]

interface How {
  withoutTimeouts: boolean
  unchanged: boolean
}

async function openEngine(
  url: string,
  how: How,
  migrateOrList: (engine: Engine) => Promise<string[]>,
): Promise<Opened> {
  const engine = await makeEngine(url, how)
  const { connection, database } = engine
  try {
    await assertOurs(connection)
    return { database, connection, migrations: await migrateOrList(engine) }
  } catch (error) {
    await database.close().catch(() => {})
    throw error instanceof DatabaseError ? error : unusable(error)
  }
}

async function makeEngine(url: string, { withoutTimeouts, unchanged }: How): Promise<Engine> {
  const file = fileOf(url)
  if (file !== undefined) return (await import('./sqlite/engine.ts')).openSqlite(file, unchanged)
  return (await import('./postgres/engine.ts')).openPostgres(url, withoutTimeouts)
}

function unusable(error: unknown) {
  const reason = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error)
  return new DatabaseError(`cannot be used: ${reason}`, { cause: error })
}
