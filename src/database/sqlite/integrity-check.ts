import { sql } from 'kysely'
import { type Database, reasonOf } from '../database.ts'

interface Line {
  integrity_check: string
}

/** What SQLite finds wrong with the pages and indexes of its file; ten things at most. */
export async function findDamage(database: Database): Promise<string[]> {
  try {
    const { rows } = await database.read((db) => sql<Line>`pragma integrity_check(10)`.execute(db))
    return rows.map(({ integrity_check }) => integrity_check.replaceAll('\n', ' ')).filter((line) => line !== 'ok')
  } catch (error) {
    return [reasonOf(error)]
  }
}
