import type { Command } from 'commander'
import { exitCodes } from '../output/exit.ts'
import { addJson, print } from '../output/report.ts'
import { storeSettings, withConfig } from './with-config.ts'

export function addVerifyCommand(cli: Command): void {
  const verify = cli
    .command('verify')
    .description('Looks through all that is stored for what cannot be, while the server runs or not; changes nothing.')
  withConfig(addJson(verify), 'belfry verify', storeSettings, async (config) => {
    const { showChecks } = await import('./doctor.ts')
    const { verifyStore } = await import('./verify.ts')
    const checks = await verifyStore(config)
    print(verify, showChecks(checks))
    if (checks.some(({ Ok }) => !Ok)) process.exitCode = exitCodes.fault
  })
}
