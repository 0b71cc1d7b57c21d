/** Accounts and the domains they claim. */
import type { Account } from '@aws-sdk/client-chime'
import { type Command, Option } from 'commander'
import type { InputOf } from '../../contract/operation.ts'
import { AccountType, License } from '../../contract/shapes.ts'
import type { belfry } from '../../domains/accounts/contract.ts'
import { readLimit } from '../output/flags.ts'
import { listAll } from './pages.ts'
import { withReport, withServer } from './with-server.ts'
import type { Report } from '../output/report.ts'
import { formatMembers, formatTable } from '../output/table.ts'

const sample = '12a3456b-7c89-012d-3456-78901e23fg45'

export function addAccountCommands(cli: Command): void {
  const account = cli.command('account').description('Accounts and their domains.')
  withReport<{ limit?: number }>(
    account.command('list').description('Lists the accounts.').option('--limit <count>', 'at most so many', readLimit),
    'belfry account list',
    async ({ chime }, _, { limit }) =>
      showAccounts(
        await listAll(
          (page) => chime.listAccounts(page),
          (it) => it.Accounts,
          limit,
        ),
      ),
  )
  withReport(
    account.command('show <account-id>').description('Shows an account.'),
    `belfry account show ${sample}`,
    async ({ chime }, [AccountId]) => showAccount((await chime.getAccount({ AccountId })).Account),
  )
  withReport(
    account.command('create <name>').description('Makes an account, of type Team.'),
    'belfry account create "Example Corp"',
    async ({ chime }, [Name]) => showAccount((await chime.createAccount({ Name })).Account),
  )
  addConversion(account)
  addStatusCommands(account)
  addDomainCommands(account.command('domain').description('The e-mail domains an account has claimed.'))
}

function addConversion(account: Command) {
  withReport<ConvertFlags>(
    account
      .command('convert <account-id>')
      .description('Gives an account another type, and perhaps other licenses.')
      .addOption(new Option('--type <type>').choices(AccountType.options).makeOptionMandatory())
      .addOption(new Option('--licenses <license...>', 'the licenses it supports').choices(License.options)),
    `belfry account convert ${sample} --type EnterpriseLWA --licenses Basic Pro`,
    async ({ belfry }, [AccountId = ''], { type, licenses }) =>
      showAccount(
        (await belfry('ConvertAccount', { AccountId, AccountType: type, SupportedLicenses: licenses })).Account,
      ),
  )
}

function addStatusCommands(account: Command) {
  withReport(
    account
      .command('suspend <account-id>')
      .description('Suspends an account: it can be read and deleted, nothing else.'),
    `belfry account suspend ${sample}`,
    async ({ belfry }, [AccountId = '']) => showAccount((await belfry('SuspendAccount', { AccountId })).Account),
  )
  withReport(
    account.command('reactivate <account-id>').description('Ends a suspension.'),
    `belfry account reactivate ${sample}`,
    async ({ belfry }, [AccountId = '']) => showAccount((await belfry('ReactivateAccount', { AccountId })).Account),
  )
  withServer(
    account.command('delete <account-id>').description('Deletes an account for good.'),
    `belfry account delete ${sample}`,
    ({ chime }, [AccountId]) => chime.deleteAccount({ AccountId }),
  )
}

function addDomainCommands(domain: Command) {
  withReport(
    domain.command('list <account-id>').description('Lists the domains of an account.'),
    `belfry account domain list ${sample}`,
    async ({ belfry }, [AccountId = '']) => {
      const { Domains } = await belfry('ListDomains', { AccountId })
      const rows = (Domains ?? []).map(({ DomainName, ClaimedTimestamp }) => [DomainName, ClaimedTimestamp])
      return { document: { Domains }, text: formatTable(['DOMAIN', 'CLAIMED'], rows) }
    },
  )
  withServer(
    domain.command('add <account-id> <domain>').description('Claims a domain for an Enterprise account.'),
    `belfry account domain add ${sample} example.com`,
    ({ belfry }, [AccountId = '', DomainName = '']) => belfry('ClaimDomain', { AccountId, DomainName }),
  )
  withServer(
    domain
      .command('remove <account-id> <domain>')
      .description('Gives a domain up; with the last one all users are suspended.'),
    `belfry account domain remove ${sample} example.com`,
    ({ belfry }, [AccountId = '', DomainName = '']) => belfry('ReleaseDomain', { AccountId, DomainName }),
  )
}

interface ConvertFlags {
  type: InputOf<typeof belfry.ConvertAccount>['AccountType']
  licenses?: InputOf<typeof belfry.ConvertAccount>['SupportedLicenses']
}

const showAccount = (Account: object | null | undefined): Report => ({
  document: { Account },
  text: formatMembers(Account ?? {}),
})

function showAccounts(Accounts: Account[]): Report {
  const rows = Accounts.map(({ AccountId, Name, AccountType, AccountStatus, CreatedTimestamp }) => [
    AccountId,
    Name,
    AccountType,
    AccountStatus,
    CreatedTimestamp?.toISOString(),
  ])
  return { document: { Accounts }, text: formatTable(['ACCOUNT', 'NAME', 'TYPE', 'STATUS', 'CREATED'], rows) }
}
