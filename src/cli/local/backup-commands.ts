/** Commands that take care of the data: to keep a copy, to bring it back, to look whether all of it is sound. */
import type { Command } from 'commander'
import { exitCodes } from '../output/exit.ts'
import { onStore, storeSettings } from './key-commands.ts'
import { addJson, print } from '../output/report.ts'

export function addCareCommands(cli: Command): void {
  addVerifyCommand(cli)
  addBackupCommand(cli)
  addRestoreCommand(cli)
}

function addVerifyCommand(cli: Command) {
  const verify = cli
    .command('verify')
    .description('Looks through all that is stored for what cannot be, while the server runs or not; changes nothing.')
  onStore(addJson(verify), 'belfry verify', storeSettings, async (config) => {
    const { showChecks } = await import('./doctor.ts')
    const { verifyStore } = await import('./verify.ts')
    const checks = await verifyStore(config)
    print(verify, showChecks(checks))
    if (checks.some(({ Ok }) => !Ok)) process.exitCode = exitCodes.fault
  })
}

function addBackupCommand(cli: Command) {
  const backup = cli
    .command('backup <file>')
    .description('Writes all that is stored to a new file, while the server runs or not.')
  onStore(backup, 'belfry backup belfry-2026-07-01.backup', ['DATABASE'], async (config) => {
    const { makeBackup } = await import('./backup.ts')
    await makeBackup(config, backup.args[0] ?? '')
  })
}

function addRestoreCommand(cli: Command) {
  const restore = cli
    .command('restore <file>')
    .description(
      'Looks through a backup, of whichever engine, and brings it back into a place where there is nothing yet.',
    )
  onStore(restore, 'belfry restore belfry-2026-07-01.backup', ['DATABASE'], async (config) => {
    const { restoreBackup } = await import('./backup.ts')
    await restoreBackup(config, restore.args[0] ?? '')
  })
}
