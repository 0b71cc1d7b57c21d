import type { Command } from 'commander'
import { withConfig } from './with-config.ts'

export function addBackupCommand(cli: Command): void {
  const backup = cli
    .command('backup <file>')
    .description('Writes all that is stored to a new file, while the server runs or not.')
  withConfig(backup, 'belfry backup belfry-2026-07-01.backup', ['DATABASE'], async (config) => {
    const { makeBackup } = await import('./backup.ts')
    await makeBackup(config, backup.args[0] ?? '')
  })
}

export function addRestoreCommand(cli: Command): void {
  const restore = cli
    .command('restore <file>')
    .description(
      'Looks through a backup, of whichever engine, and brings it back into a place where there is nothing yet.',
    )
  withConfig(restore, 'belfry restore belfry-2026-07-01.backup', ['DATABASE'], async (config) => {
    const { restoreBackup } = await import('./backup.ts')
    await restoreBackup(config, restore.args[0] ?? '')
  })
}
