/** Commands that work on the database itself. What they do is loaded when they run: it takes longer than all the rest. */
import type { Command } from 'commander'
import type { Config, SettingName } from '../../config.ts'
import { exitCodes, explain } from '../output/exit.ts'
import { addSettings, configOf, readDuration, withExample } from '../output/flags.ts'
import { addEndpoint, endpointOf } from '../remote/connection.ts'
import { addJson, print } from '../output/report.ts'

/** The settings that lead to the database and its secrets. */
export const storeSettings: readonly SettingName[] = ['DATABASE', 'SEALING_KEY_FILE', 'AWS_ACCOUNT_ID']

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
  const key = cli.command('key').description('Access keys, on the database itself, while a server runs or not.')
  addNewKeyCommands(key)
  const list = key.command('list').description('Lists the access keys, without their secrets.')
  onKeys(addJson(list), 'belfry key list', async (keys, config) => print(list, await keys.listKeys(config)))
  const disable = key.command('disable <access-key-id>').description('Switches a key off.')
  onKeys(disable, 'belfry key disable AKIAIOSFODNN7EXAMPLE', (keys, config, id) => keys.switchKey(config, id, false))
  const enable = key.command('enable <access-key-id>').description('Switches a key on again.')
  onKeys(enable, 'belfry key enable AKIAIOSFODNN7EXAMPLE', (keys, config, id) => keys.switchKey(config, id, true))
  const deletion = key.command('delete <access-key-id>').description('Deletes a key for good.')
  onKeys(deletion, 'belfry key delete AKIAIOSFODNN7EXAMPLE', (keys, config, id) => keys.deleteKey(config, id))
}

function addNewKeyCommands(key: Command) {
  const create = addPrincipal(key.command('create').description('Makes an access key and shows it once.'))
  onKeys(addJson(create), 'belfry key create --principal ann --policy AmazonChimeReadOnly', async (keys, config) =>
    print(create, await keys.createKey(config, create.opts())),
  )
  const taken = addPrincipal(
    key.command('import').description('Takes over the pair in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'),
  )
  onKeys(addJson(taken), 'belfry key import --principal provisioning --policy policy.json', async (keys, config) =>
    print(taken, await keys.importKey(config, taken.opts())),
  )
  const rotate = key
    .command('rotate <access-key-id>')
    .description('Makes a second key for the principal of this one, and shows it once; both work until one is deleted.')
  onKeys(addJson(rotate), 'belfry key rotate AKIAIOSFODNN7EXAMPLE', async (keys, config, id) =>
    print(rotate, await keys.rotateKey(config, id)),
  )
  const session = key
    .command('session')
    .description(
      'Makes temporary credentials and shows them once; the JSON is what a credential_process of AWS prints.',
    )
    .requiredOption('--principal <name>', 'whose they are')
    .option('--duration-seconds <number>', 'how long they work', readDuration, 43_200)
  onKeys(addJson(session), 'belfry key session --principal ann --duration-seconds 3600', async (keys, config) =>
    print(session, await keys.createSession(config, session.opts())),
  )
}

const addPrincipal = (command: Command) =>
  command
    .requiredOption('--principal <name>', 'whose key it is, as in arn:aws:iam::<account>:user/<name>; made if new')
    .option('--policy <policy>', 'what a new principal may do: a built-in policy, or a file; everything without one')
    .option('--requests-per-second <number>', 'a limit of its own')

type Keys = typeof import('./key.ts')

function onKeys(command: Command, example: string, act: (keys: Keys, config: Config, id: string) => Promise<void>) {
  onStore(command, example, storeSettings, async (config) =>
    act(await import('./key.ts'), config, command.args[0] ?? ''),
  )
}

/** @param names the settings that matter; all, unless told */
export function onStore(
  command: Command,
  example: string,
  names: readonly SettingName[] | undefined,
  act: (config: Config) => Promise<void>,
): void {
  withExample(addSettings(command, names), example).action(() => explain(() => act(configOf(command.opts(), names))))
}
