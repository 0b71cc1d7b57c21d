import type { Command } from 'commander'
import { exitCodes, explain } from '../output/exit.ts'
import { addSettings, configOf, withExample } from '../output/flags.ts'
import { addJson, print } from '../output/report.ts'
import { addEndpoint, endpointOf } from '../remote/connection.ts'
import { storeSettings } from './with-config.ts'

export function addDoctorCommand(cli: Command): void {
  const doctor = cli
    .command('doctor')
    .description('Looks whether everything is as it should be, here and at a running server; changes nothing.')
    .option('--signature', 'only look why signatures are refused: sign a harmless call and compare')
  for (const add of [addJson, addEndpoint]) add(doctor)
  withExample(addSettings(doctor, storeSettings), 'belfry doctor').action((flags: Record<string, string>) =>
    explain(async () => {
      const endpoint = { url: endpointOf(flags), named: isNamed(flags) }
      const { examine, examineSignature, showChecks } = await import('./doctor.ts')
      const isAboutSignature = doctor.opts<{ signature?: true }>().signature === true
      const checks = isAboutSignature
        ? await examineSignature(endpoint)
        : await examine(() => configOf(flags, storeSettings), endpoint)
      print(doctor, showChecks(checks))
      if (checks.some(({ Ok }) => !Ok)) process.exitCode = exitCodes.fault
    }),
  )
}

/** `AWS_ENDPOINT_URL` is for all of AWS's services, so it may be set where no Belfry is expected. */
const isNamed = ({ endpointUrl }: { endpointUrl?: string }) =>
  endpointUrl !== undefined || Boolean(process.env['AWS_ENDPOINT_URL_CHIME'])
