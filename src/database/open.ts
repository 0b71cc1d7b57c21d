import { existsSync } from 'node:fs'
import { type Database, DatabaseError, type Engine } from './database.ts'
import { assertOurs, listPending, migrate } from './migrate.ts'

/** A database, and the migrations that were applied to it just now, or are still to be. */
interface Opened {
  database: Database
  migrations: string[]
}

/** Opens `sqlite:<file>` or `postgres://…` and brings its schema up to date. Throws `DatabaseError`. */
export const openDatabase = async (url: string): Promise<Database> => (await openMigrated(url)).database

/** The same, and tells which migrations that took. */
export function openMigrated(url: string): Promise<Opened> {
  return openEngine(url, ({ connection, adopt }) => {
    adopt()
    return migrate(connection)
  })
}

/** Opens a database to look at it: makes none, and changes nothing. Throws `DatabaseError`. */
export async function openAsIs(url: string): Promise<Opened> {
  const file = fileOf(url)
  if (file !== undefined && !existsSync(file)) throw new DatabaseError('does not exist')
  return openEngine(url, ({ connection }) => listPending(connection))
}

/** The file of an SQLite database. */
export const fileOf = (url: string): string | undefined => /^sqlite:(.*)$/s.exec(url)?.[1]

async function openEngine(url: string, bring: (engine: Engine) => Promise<string[]>): Promise<Opened> {
  const engine = await makeEngine(url)
  const { connection, database } = engine
  try {
    await assertOurs(connection)
    return { database, migrations: await bring(engine) }
  } catch (error) {
    await database.close().catch(() => {})
    throw error instanceof DatabaseError ? error : unusable(error)
  }
}

/** Only the driver that is needed is loaded. */
async function makeEngine(url: string): Promise<Engine> {
  const file = fileOf(url)
  if (file !== undefined) return (await import('./sqlite.ts')).openSqlite(file)
  return (await import('./postgres.ts')).openPostgres(url)
}

function unusable(error: unknown) {
  const reason = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error)
  return new DatabaseError(`cannot be used: ${reason}`, { cause: error })
}
