import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { openMigrated } from '../database/open.ts'
import { explainDatabase } from '../server.ts'
import { explain } from './exit.ts'
import { addSettings, configOf, withExample } from './flags.ts'

export function addMigrateCommand(cli: Command): void {
  const migrate = cli
    .command('migrate')
    .description('Brings the schema of the database up to date, as every start of the server does.')
    .action((flags: Record<string, string>) => explain(() => migrateDatabase(configOf(flags))))
  withExample(addSettings(migrate, ['DATABASE']), 'belfry migrate --database postgres://belfry@db.example.net/belfry')
}

async function migrateDatabase({ DATABASE }: Config) {
  const { database, migrations } = await explainDatabase(DATABASE, openMigrated)
  await database.close()
  const lines = migrations.map((name) => `Applied ${name}.`)
  process.stdout.write(`${lines.join('\n') || 'The schema is up to date; there was nothing to do.'}\n`)
}
