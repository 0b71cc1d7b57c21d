import type { Config } from '../../config.ts'
import { openMigrated } from '../../database/open.ts'
import { explainDatabase } from '../../open-store.ts'

/** Migrates the schema and prints the applied migrations. Throws `StartError`. */
export async function migrateDatabase({ DATABASE }: Config): Promise<void> {
  const { database, migrations } = await explainDatabase(DATABASE, (url) => openMigrated(url, true))
  await database.close()
  const lines = migrations.map((name) => `Applied ${name}.`)
  process.stdout.write(`${lines.join('\n') || 'The schema is up to date; there was nothing to do.'}\n`)
}
