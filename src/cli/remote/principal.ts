/** Principals and their access keys. */
import { type Command, Option } from 'commander'
import type { InputOf, OutputOf } from '../../contract/operation.ts'
import type { belfry as keyContracts } from '../../domains/access-keys/contract.ts'
import type { belfry as contracts } from '../../domains/principals/contract.ts'
import { readLimit } from '../output/flags.ts'
import { listAll } from './pages.ts'
import { withReport, withServer } from './with-server.ts'
import type { Report } from '../output/report.ts'
import { formatMembers, formatTable } from '../output/table.ts'

export function addPrincipalCommands(cli: Command): void {
  const principal = cli.command('principal').description('Who may call, what they may do, and their keys.')
  addListing(principal)
  withReport<{ type: InputOf<typeof contracts.CreatePrincipal>['PrincipalType'] }>(
    principal
      .command('create <name>')
      .description('Makes a principal, who may do nothing yet unless it is an administrator.')
      .addOption(new Option('--type <type>').choices(['Administrator', 'Person', 'Machine']).default('Person')),
    'belfry principal create ann --type Person',
    async ({ belfry }, [PrincipalName = ''], { type }) =>
      show(await belfry('CreatePrincipal', { PrincipalName, PrincipalType: type })),
  )
  withServer(
    principal.command('delete <name>').description('Deletes a principal with its keys; its policies stay.'),
    'belfry principal delete ann',
    ({ belfry }, [PrincipalName = '']) => belfry('DeletePrincipal', { PrincipalName }),
  )
  withServer(
    principal.command('attach <name> <policy>').description('Gives a principal a policy.'),
    'belfry principal attach ann AmazonChimeReadOnly',
    ({ belfry }, [PrincipalName = '', PolicyName = '']) => belfry('AttachPolicy', { PrincipalName, PolicyName }),
  )
  withServer(
    principal.command('detach <name> <policy>').description('Takes a policy away from a principal.'),
    'belfry principal detach ann AmazonChimeReadOnly',
    ({ belfry }, [PrincipalName = '', PolicyName = '']) => belfry('DetachPolicy', { PrincipalName, PolicyName }),
  )
  addKeyCommands(principal.command('key').description('The access keys of principals, over the API.'))
}

function addListing(principal: Command) {
  withReport<{ limit?: number }>(
    principal
      .command('list')
      .description('Lists the principals.')
      .option('--limit <count>', 'at most so many', readLimit),
    'belfry principal list',
    async ({ belfry }, _, { limit }) => {
      const Principals = await listAll(
        (page) => belfry('ListPrincipals', page),
        (answer) => answer.Principals,
        limit,
      )
      const rows = Principals.map((it) => [
        it.PrincipalName,
        it.PrincipalType,
        it.CreatedTimestamp,
        it.PolicyNames?.join(', '),
      ])
      return { document: { Principals }, text: formatTable(['PRINCIPAL', 'TYPE', 'CREATED', 'POLICIES'], rows) }
    },
  )
  withReport(
    principal.command('show <name>').description('Shows a principal.'),
    'belfry principal show ann',
    async ({ belfry }, [PrincipalName = '']) => show(await belfry('GetPrincipal', { PrincipalName })),
  )
}

const show = ({ Principal }: OutputOf<typeof contracts.GetPrincipal>): Report => ({
  document: { Principal },
  text: formatMembers(Principal ?? {}),
})

function addKeyCommands(key: Command) {
  withReport(
    key.command('create <name>').description('Makes an access key and shows it once.'),
    'belfry principal key create ann',
    async ({ belfry }, [PrincipalName = '']) => showKey(await belfry('CreateAccessKey', { PrincipalName })),
  )
  withReport(
    key.command('list <name>').description('Lists the access keys of a principal, temporary ones included.'),
    'belfry principal key list ann',
    async ({ belfry }, [PrincipalName = '']) => {
      const AccessKeys = await listAll(
        (page) => belfry('ListAccessKeys', { ...page, PrincipalName }),
        (answer) => answer.AccessKeys,
      )
      const rows = AccessKeys.map((it) => [
        it.AccessKeyId,
        it.Status,
        it.CreatedTimestamp,
        it.LastUsedTimestamp,
        it.ExpirationTimestamp,
      ])
      const headers = ['ACCESS KEY', 'STATUS', 'CREATED', 'LAST USED', 'EXPIRES']
      return { document: { AccessKeys }, text: formatTable(headers, rows) }
    },
  )
  addSwitch(key, 'disable', 'Inactive', 'Switches a key off.')
  addSwitch(key, 'enable', 'Active', 'Switches a key on again.')
  withServer(
    key.command('delete <name> <access-key-id>').description('Deletes a key for good.'),
    'belfry principal key delete ann AKIAIOSFODNN7EXAMPLE',
    ({ belfry }, [PrincipalName = '', AccessKeyId = '']) => belfry('DeleteAccessKey', { PrincipalName, AccessKeyId }),
  )
}

function addSwitch(key: Command, name: string, Status: 'Active' | 'Inactive', description: string) {
  withServer(
    key.command(`${name} <name> <access-key-id>`).description(description),
    `belfry principal key ${name} ann AKIAIOSFODNN7EXAMPLE`,
    ({ belfry }, [PrincipalName = '', AccessKeyId = '']) =>
      belfry('UpdateAccessKey', { PrincipalName, AccessKeyId, Status }),
  )
}

const showKey = ({ AccessKey }: OutputOf<typeof keyContracts.CreateAccessKey>): Report => ({
  document: { AccessKey },
  text: `AWS_ACCESS_KEY_ID=${AccessKey?.AccessKeyId}\nAWS_SECRET_ACCESS_KEY=${AccessKey?.SecretAccessKey}`,
})
