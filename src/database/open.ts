import { type Database, DatabaseError } from './database.ts'
import { assertOurs, migrate } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

/** Opens `sqlite:<file>` or `postgres://…` and brings its schema up to date. Throws `DatabaseError`. */
export async function openDatabase(url: string): Promise<Database> {
  const isFile = url.startsWith('sqlite:')
  const { connection, database, adopt } = isFile ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url)
  try {
    await assertOurs(connection)
    adopt()
    await migrate(connection)
    return database
  } catch (error) {
    await database.close().catch(() => {})
    throw error instanceof DatabaseError ? error : unusable(error)
  }
}

function unusable(error: unknown) {
  const reason = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error)
  return new DatabaseError(`cannot be used: ${reason}`, { cause: error })
}
