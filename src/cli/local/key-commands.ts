import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import { readDuration } from '../output/flags.ts'
import { addJson, print } from '../output/report.ts'
import { storeSettings, withConfig } from './with-config.ts'

export function addKeyCommands(cli: Command): void {
  const key = cli.command('key').description('Access keys, on the database itself, while a server runs or not.')
  addNewKeyCommands(key)
  const list = key.command('list').description('Lists the access keys, without their secrets.')
  withKeyModule(addJson(list), 'belfry key list', async (keys, config) => print(list, await keys.listKeys(config)))
  const disable = key.command('disable <access-key-id>').description('Switches a key off.')
  withKeyModule(disable, 'belfry key disable AKIAIOSFODNN7EXAMPLE', (keys, config, id) =>
    keys.switchKey(config, id, false),
  )
  const enable = key.command('enable <access-key-id>').description('Switches a key on again.')
  withKeyModule(enable, 'belfry key enable AKIAIOSFODNN7EXAMPLE', (keys, config, id) =>
    keys.switchKey(config, id, true),
  )
  const deletion = key.command('delete <access-key-id>').description('Deletes a key for good.')
  withKeyModule(deletion, 'belfry key delete AKIAIOSFODNN7EXAMPLE', (keys, config, id) => keys.deleteKey(config, id))
}

function addNewKeyCommands(key: Command) {
  const create = addPrincipal(key.command('create').description('Makes an access key and shows it once.'))
  withKeyModule(
    addJson(create),
    'belfry key create --principal ann --policy AmazonChimeReadOnly',
    async (keys, config) => print(create, await keys.createKey(config, create.opts())),
  )
  const taken = addPrincipal(
    key.command('import').description('Takes over the pair in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'),
  )
  withKeyModule(
    addJson(taken),
    'belfry key import --principal provisioning --policy policy.json',
    async (keys, config) => print(taken, await keys.importKey(config, taken.opts())),
  )
  const rotate = key
    .command('rotate <access-key-id>')
    .description('Makes a second key for the principal of this one, and shows it once; both work until one is deleted.')
  withKeyModule(addJson(rotate), 'belfry key rotate AKIAIOSFODNN7EXAMPLE', async (keys, config, id) =>
    print(rotate, await keys.rotateKey(config, id)),
  )
  const session = key
    .command('session')
    .description(
      'Makes temporary credentials and shows them once; the JSON is what a credential_process of AWS prints.',
    )
    .requiredOption('--principal <name>', 'whose they are')
    .option('--duration-seconds <number>', 'how long they work', readDuration, 43_200)
  withKeyModule(addJson(session), 'belfry key session --principal ann --duration-seconds 3600', async (keys, config) =>
    print(session, await keys.createSession(config, session.opts())),
  )
}

const addPrincipal = (command: Command) =>
  command
    .requiredOption('--principal <name>', 'whose key it is, as in arn:aws:iam::<account>:user/<name>; made if new')
    .option('--policy <policy>', 'what a new principal may do: a built-in policy, or a file; everything without one')
    .option('--requests-per-second <number>', 'a limit of its own')

type KeyModule = typeof import('./key.ts')
type KeyAction = (module: KeyModule, config: Config, accessKeyId: string) => Promise<void>

function withKeyModule(command: Command, example: string, action: KeyAction) {
  withConfig(command, example, storeSettings, async (config) =>
    action(await import('./key.ts'), config, command.args[0] ?? ''),
  )
}
