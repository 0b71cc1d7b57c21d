/** Commands that work on the database itself. What they do is loaded when they run: it takes longer than all the rest. */
import type { Command } from 'commander'
import type { Config, SettingName } from '../config.ts'
import { exitCodes, explain } from './exit.ts'
import { addSettings, configOf, withExample } from './flags.ts'
import { addEndpoint, endpointOf } from './remote.ts'
import { addJson, print } from './report.ts'

/** The settings that lead to the database and its secrets. */
const storeSettings: readonly SettingName[] = ['DATABASE', 'SEALING_KEY_FILE', 'AWS_ACCOUNT_ID']

export function addServeCommand(cli: Command): void {
  const serve = cli
    .command('serve')
    .description('Runs the server until it is told to stop.')
    .option('--demo', 'fill a new database with demo data, and show how to use it')
  const example = 'belfry serve --database sqlite:./data/belfry.db --port 8080'
  onStore(serve, example, undefined, async (config) => {
    const { serveUntilStopped } = await import('./serve.ts')
    await serveUntilStopped(config, serve.opts<{ demo?: true }>().demo === true)
  })
}

export function addMigrateCommand(cli: Command): void {
  const migrate = cli
    .command('migrate')
    .description('Brings the schema of the database up to date, as every start of the server does.')
  const example = 'belfry migrate --database postgres://belfry@db.example.net/belfry'
  onStore(migrate, example, ['DATABASE'], async (config) => {
    const { migrateDatabase } = await import('./migrate.ts')
    await migrateDatabase(config)
  })
}

export function addDoctorCommand(cli: Command): void {
  const doctor = cli
    .command('doctor')
    .description('Looks whether everything is as it should be, here and at a running server; changes nothing.')
    .option('--signature', 'only look why signatures are refused: sign a harmless call and compare')
  for (const add of [addJson, addEndpoint]) add(doctor)
  withExample(addSettings(doctor, storeSettings), 'belfry doctor').action((flags: Record<string, string>) =>
    explain(async () => {
      const endpoint = { url: endpointOf(flags), named: flags['endpointUrl'] !== undefined }
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

export function addKeyCommands(cli: Command): void {
  const key = cli.command('key').description('Makes and switches access keys, on the database itself.')
  const create = key
    .command('create')
    .description('Makes an access key and shows it once.')
    .requiredOption('--principal <name>', 'whose key it is, as in arn:aws:iam::<account>:user/<name>')
    .option('--policy <file>', 'an IAM policy document; everything is allowed without one')
    .option('--requests-per-second <number>', 'a limit of its own')
  onKeys(addJson(create), 'belfry key create --principal ann --policy read-only.json', async (keys, config) =>
    print(create, await keys.createKey(config, create.opts())),
  )
  const list = key.command('list').description('Lists the access keys, without their secrets.')
  onKeys(addJson(list), 'belfry key list', async (keys, config) => print(list, await keys.listKeys(config)))
  const disable = key.command('disable <access-key-id>').description('Switches a key off.')
  onKeys(disable, 'belfry key disable AKIAIOSFODNN7EXAMPLE', (keys, config, id) => keys.switchKey(config, id, false))
  const enable = key.command('enable <access-key-id>').description('Switches a key on again.')
  onKeys(enable, 'belfry key enable AKIAIOSFODNN7EXAMPLE', (keys, config, id) => keys.switchKey(config, id, true))
}

type Keys = typeof import('./key.ts')

function onKeys(command: Command, example: string, act: (keys: Keys, config: Config, id: string) => Promise<void>) {
  onStore(command, example, storeSettings, async (config) =>
    act(await import('./key.ts'), config, command.args[0] ?? ''),
  )
}

/** @param names the settings that matter; all, unless told */
function onStore(
  command: Command,
  example: string,
  names: readonly SettingName[] | undefined,
  act: (config: Config) => Promise<void>,
) {
  withExample(addSettings(command, names), example).action(() => explain(() => act(configOf(command.opts(), names))))
}
