import type { Command } from 'commander'
import { withConfig } from './with-config.ts'

export function addMigrateCommand(cli: Command): void {
  const migrate = cli
    .command('migrate')
    .description('Brings the schema of the database up to date, as every start of the server does.')
  const example = 'belfry migrate --database postgres://belfry@db.example.net/belfry'
  withConfig(migrate, example, ['DATABASE'], async (config) => {
    const { migrateDatabase } = await import('./migrate.ts')
    await migrateDatabase(config)
  })
}
