import { ServiceError, notFound } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import { page } from '../../database/pagination.ts'
import type { AccountRow } from '../rows.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller, Handlers } from '../operation.ts'
import { endAssignments } from '../assignments/store.ts'
import { deleteMembershipsFrom } from '../room-memberships/store.ts'
import { countActiveUsers, deleteUsers, suspendUsers } from '../users/store.ts'
import type { Account, belfry, contract } from './contract.ts'
import {
  assertAccountType,
  assertDeletable,
  assertSupportedLicense,
  nameColumns,
  newAccount,
  supportedLicenses,
} from './rules.ts'
import {
  addGroups,
  claimDomain,
  countDomains,
  findAccountHorizon,
  findClaim,
  insertAccount,
  listAccounts,
  listDomains,
  listGroups,
  releaseDomain,
  removeGroups,
  requireAccount,
  requireActiveAccount,
  requireEnterpriseAccount,
  updateAccount,
} from './store.ts'

export const handlers = {
  /** Makes a Team account; the same name twice makes two. */
  async CreateAccount({ Name }, { db, caller, now }) {
    const account = newAccount(now, { aws_account_id: caller.awsAccountId, account_id: newId(now), name: Name })
    await insertAccount(db, account)
    return { Account: toAccount(account, []) }
  },

  async GetAccount({ AccountId }, { db, caller }) {
    return { Account: await showAccount(db, caller, await requireAccount(db, caller, AccountId)) }
  },

  async ListAccounts(input, { db, caller }) {
    const filter = { namePrefix: input.Name, userEmail: input.UserEmail }
    const { rows, nextToken } = await page(input, {
      defaultLimit: 100,
      scope: ['ListAccounts', caller.awsAccountId, input.Name, input.UserEmail],
      fetch: (request) => listAccounts(db, caller, filter, request),
      positionOf: ({ created_at, account_id }) => [created_at, account_id],
      findHorizon: (after) => findAccountHorizon(db, caller, filter, after),
    })
    return { Accounts: await showAccounts(db, caller, rows), NextToken: nextToken }
  },

  /** A new default license applies only to users added afterwards. */
  async UpdateAccount({ AccountId, Name, DefaultLicense }, { db, caller }) {
    const account = await requireActiveAccount(db, caller, AccountId)
    if (DefaultLicense) assertSupportedLicense(account, DefaultLicense)
    const changes = { ...(Name && nameColumns(Name)), ...(DefaultLicense && { default_license: DefaultLicense }) }
    return { Account: await showAccount(db, caller, await updateAccount(db, account, changes)) }
  },

  /** Also removes its users, from the rooms of other accounts too, and releases the numbers they held. */
  async DeleteAccount({ AccountId }, context) {
    const { db, caller, now } = context
    const account = await requireAccount(db, caller, AccountId)
    assertDeletable(account, {
      domains: await countDomains(db, account),
      activeUsers: await countActiveUsers(db, account),
    })
    await endAssignments(db, account, context)
    await deleteMembershipsFrom(db, account)
    await deleteUsers(db, account, now)
    await updateAccount(db, account, { deleted_at: now })
    return {}
  },

  async GetAccountSettings({ AccountId }, { db, caller }) {
    const account = await requireAccount(db, caller, AccountId)
    const { disable_remote_control, enable_dial_out } = account
    return {
      AccountSettings: { DisableRemoteControl: disable_remote_control === 1, EnableDialOut: enable_dial_out === 1 },
    }
  },

  /** Absent settings stay unchanged. */
  async UpdateAccountSettings({ AccountId, AccountSettings }, { db, caller }) {
    const account = await requireActiveAccount(db, caller, AccountId)
    const { DisableRemoteControl, EnableDialOut } = AccountSettings
    await updateAccount(db, account, {
      ...(DisableRemoteControl !== undefined && { disable_remote_control: Number(DisableRemoteControl) }),
      ...(EnableDialOut !== undefined && { enable_dial_out: Number(EnableDialOut) }),
    })
    return {}
  },

  /** Adds to the set of groups whose members may set up shared devices; existing entries stay. */
  async AssociateSigninDelegateGroupsWithAccount({ AccountId, SigninDelegateGroups }, { db, caller, now }) {
    const account = await requireDirectoryAccount(db, caller, AccountId)
    const names = SigninDelegateGroups.map(({ GroupName }) => GroupName)
    await addGroups(db, account, names, now)
    return {}
  },

  /** Ignores groups that are not in the set. */
  async DisassociateSigninDelegateGroupsFromAccount({ AccountId, GroupNames }, { db, caller }) {
    const account = await requireDirectoryAccount(db, caller, AccountId)
    await removeGroups(db, account, GroupNames)
    return {}
  },

  async ConvertAccount({ AccountId, AccountType, SupportedLicenses }, { db, caller }) {
    const account = await requireActiveAccount(db, caller, AccountId)
    const licenses = SupportedLicenses ?? supportedLicenses(account)
    const changes = { account_type: AccountType, supported_licenses: JSON.stringify([...new Set(licenses)]) }
    assertSupportedLicense({ ...account, ...changes }, account.default_license)
    return { Account: await showAccount(db, caller, await updateAccount(db, account, changes)) }
  },

  async SuspendAccount({ AccountId }, { db, caller }) {
    const account = await requireAccount(db, caller, AccountId)
    return { Account: await showAccount(db, caller, await updateAccount(db, account, { account_status: 'Suspended' })) }
  },

  async ReactivateAccount({ AccountId }, { db, caller }) {
    const account = await requireAccount(db, caller, AccountId)
    return { Account: await showAccount(db, caller, await updateAccount(db, account, { account_status: 'Active' })) }
  },

  async ListDomains({ AccountId }, { db, caller }) {
    const domains = await listDomains(db, await requireAccount(db, caller, AccountId))
    return { Domains: domains.map(({ domain, claimed_at }) => ({ DomainName: domain, ClaimedTimestamp: claimed_at })) }
  },

  /** Idempotent. Requires no proof of ownership, because the operator knows which domains are theirs. */
  async ClaimDomain({ AccountId, DomainName }, { db, caller, now }) {
    const account = await requireEnterpriseAccount(db, caller, AccountId)
    const claim = await findClaim(db, DomainName)
    if (claim?.aws_account_id === account.aws_account_id && claim.account_id === AccountId) return {}
    if (claim) throw new ServiceError('ConflictException', 'Request could not be completed due to a conflict')
    await claimDomain(db, account, DomainName, now)
    return {}
  },

  /** Releasing the last domain suspends all users. [documented] */
  async ReleaseDomain({ AccountId, DomainName }, { db, caller, now }) {
    const account = await requireEnterpriseAccount(db, caller, AccountId)
    if (!(await releaseDomain(db, account, DomainName))) throw notFound('Domain', DomainName)
    if ((await countDomains(db, account)) === 0) await suspendUsers(db, account, now)
    return {}
  },
} satisfies Handlers<typeof contract & typeof belfry>

/** Delegate groups are groups of an Active Directory. [documented; class inferred] */
async function requireDirectoryAccount(db: Db, caller: Caller, accountId: string): Promise<AccountRow> {
  const account = await requireActiveAccount(db, caller, accountId)
  assertAccountType(account, 'EnterpriseDirectory')
  return account
}

async function showAccount(db: Db, caller: Caller, account: AccountRow) {
  const groups = await listGroups(db, caller, [account])
  return toAccount(account, groups)
}

async function showAccounts(db: Db, caller: Caller, accounts: readonly AccountRow[]) {
  const groups = Map.groupBy(await listGroups(db, caller, accounts), ({ account_id }) => account_id)
  return accounts.map((account) => toAccount(account, groups.get(account.account_id) ?? []))
}

const toAccount = (account: AccountRow, groups: readonly { group_name: string }[]): Answer<typeof Account> => ({
  AwsAccountId: account.aws_account_id,
  AccountId: account.account_id,
  Name: account.name,
  AccountType: account.account_type,
  CreatedTimestamp: account.created_at,
  DefaultLicense: account.default_license,
  SupportedLicenses: supportedLicenses(account),
  AccountStatus: account.account_status,
  SigninDelegateGroups: groups.map(({ group_name }) => ({ GroupName: group_name })),
})
