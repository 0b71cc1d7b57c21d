/** Looks whether everything is as it should be, and changes nothing. */
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { type Check, check } from './check.ts'
import { checkServer } from './check-server.ts'
import { checkStore } from './check-store.ts'
import { exitCodes, explain } from './exit.ts'
import { addSettings, configOf, storeSettings, withExample } from './flags.ts'
import { addEndpoint, endpointOf } from './remote.ts'
import { addJson, print } from './report.ts'

export function addDoctorCommand(cli: Command): void {
  const doctor = cli
    .command('doctor')
    .description('Looks whether everything is as it should be, here and at a running server; changes nothing.')
  for (const add of [addJson, addEndpoint]) add(doctor)
  withExample(addSettings(doctor, storeSettings), 'belfry doctor').action(() =>
    explain(async () => {
      const checks = await Array.fromAsync(examine(doctor.opts()))
      print(doctor, { document: { Checks: checks }, text: checks.map(toLine).join('\n') })
      if (checks.some(({ Ok }) => !Ok)) process.exitCode = exitCodes.fault
    }),
  )
}

async function* examine(flags: Record<string, string>): AsyncGenerator<Check> {
  yield await check('Node.js', lookAtNode)
  let config: Config | undefined
  yield await check('settings', () => {
    config = configOf(flags)
    return 'Every BELFRY_* variable is a setting, and makes sense.'
  })
  if (config) yield* checkStore(config)
  yield* checkServer(endpointOf(flags), flags['endpointUrl'] !== undefined)
}

const newEnough = 24

function lookAtNode(): string {
  const { version } = process
  if (Number.parseInt(version.slice(1), 10) < newEnough)
    throw new Error(`This is Node.js ${version}; install ${newEnough} or newer.`)
  return `This is Node.js ${version}.`
}

const toLine = ({ Name, Ok, Finding }: Check) => `${(Ok ? 'ok' : 'FAILED').padEnd(6)}  ${Name.padEnd(13)}  ${Finding}`
