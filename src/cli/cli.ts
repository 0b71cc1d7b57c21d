import { Command, Option } from 'commander'
import { ConfigError, type SettingName, environmentOnly, readConfig, settings } from '../config.ts'
import { SealError } from '../identity/sealing.ts'
import { StartError } from '../server.ts'
import { type NewKeyFlags, createKey, listKeys, switchKey } from './key.ts'
import { serveUntilStopped } from './serve.ts'

const exitCodes = { cannotStart: 1, wrongSettings: 2 }

export function createCli(): Command {
  const cli = new Command('belfry')
    .description('A self-hosted server for the Amazon Chime API (2018-05-01).')
    .showHelpAfterError('(belfry --help tells what there is)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.wrongSettings))
  const serve = cli.command('serve').description('Runs the server until it is told to stop.')
  serve.option('--demo', 'fill a new database with demo data, and show how to use it')
  for (const option of settingOptions()) serve.addOption(option)
  serve.action(({ demo, ...flags }: { demo?: true }) =>
    explain(() => serveUntilStopped(readConfig(process.env, byName(flags)), demo === true)),
  )
  addKeyCommands(cli.command('key').description('Makes and switches access keys, on the database itself.'))
  cli
    .command('demo')
    .description('Tells the story of a phone number, with the official SDK, against a server of its own.')
    .action(() => explain(tellStory))
  return cli
}

/** The settings that lead to the database and its secrets. */
const storeSettings: readonly SettingName[] = ['DATABASE', 'SEALING_KEY_FILE', 'AWS_ACCOUNT_ID']

function addKeyCommands(key: Command) {
  const create = key
    .command('create')
    .description('Makes an access key and shows it once.')
    .requiredOption('--principal <name>', 'whose key it is, as in arn:aws:iam::<account>:user/<name>')
    .option('--policy <file>', 'an IAM policy document; everything is allowed without one')
    .option('--requests-per-second <number>', 'a limit of its own')
    .action(({ principal, policy, requestsPerSecond, ...flags }: NewKeyFlags & Record<string, string>) =>
      explain(() =>
        createKey(readConfig(process.env, byName(flags)), {
          principal,
          ...(policy !== undefined && { policy }),
          ...(requestsPerSecond !== undefined && { requestsPerSecond }),
        }),
      ),
    )
  const list = key
    .command('list')
    .description('Lists the access keys, without their secrets.')
    .action((flags: Record<string, string>) => explain(() => listKeys(readConfig(process.env, byName(flags)))))
  const switches = (['disable', 'enable'] as const).map((name) =>
    key
      .command(`${name} <access-key-id>`)
      .description(name === 'disable' ? 'Switches a key off.' : 'Switches a key on again.')
      .action((id: string, flags: Record<string, string>) =>
        explain(() => switchKey(readConfig(process.env, byName(flags)), id, name === 'enable')),
      ),
  )
  for (const command of [create, list, ...switches])
    for (const option of settingOptions(storeSettings)) command.addOption(option)
}

/** The SDK is loaded for this command alone. */
async function tellStory() {
  const { runDemo } = await import('./demo.ts')
  await runDemo()
}

/** `--request-timeout-ms` for `BELFRY_REQUEST_TIMEOUT_MS`; secrets are for the environment only. */
const settingOptions = (names: readonly string[] = Object.keys(settings)) =>
  Object.entries(settings)
    .filter(([name]) => names.includes(name) && !environmentOnly.has(name))
    .map(([name, { meaning }]) => new Option(`--${name.toLowerCase().replaceAll('_', '-')} <value>`, meaning))

const byName = (flags: Record<string, string>): Partial<Record<SettingName, string>> =>
  Object.fromEntries(Object.entries(flags).map(([flag, value]) => [flag.replace(/[A-Z]/g, '_$&').toUpperCase(), value]))

/** What the user can mend is told in one sentence; anything else is a fault, and shown whole. */
async function explain(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    if (error instanceof ConfigError) return fail(error, exitCodes.wrongSettings)
    if (error instanceof StartError || error instanceof SealError) return fail(error, exitCodes.cannotStart)
    throw error
  }
}

function fail({ message }: Error, exitCode: number) {
  process.stderr.write(`belfry: ${message}\n`)
  process.exitCode = exitCode
}
