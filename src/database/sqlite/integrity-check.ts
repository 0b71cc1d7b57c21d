import { sql } from 'kysely'
import { type Database, reasonOf } from '../database.ts'

interface IntegrityRow {
  integrity_check: string
}

export async function findDamage(database: Database): Promise<string[]> {
  try {
    const { rows } = await database.read((db) => sql<IntegrityRow>`pragma integrity_check(10)`.execute(db))
    return rows.map(({ integrity_check }) => integrity_check.replaceAll('\n', ' ')).filter((line) => line !== 'ok')
  } catch (error) {
    return [reasonOf(error)]
  }
}
