import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { accountSuspended, changeAccount, givenAccount, notFound, refused } from '../../../test/support/given.ts'

const { belfry, tenant } = await useBelfry()

async function givenDirectory() {
  const AccountId = await givenAccount(tenant)
  await changeAccount(belfry, AccountId, { account_type: 'EnterpriseDirectory' })
  return AccountId
}

const groups = (...names: string[]) => names.map((GroupName) => ({ GroupName }))
const associate = (AccountId: string, ...names: string[]) =>
  tenant.chime.associateSigninDelegateGroupsWithAccount({ AccountId, SigninDelegateGroups: groups(...names) })
const disassociate = (AccountId: string, ...GroupNames: string[]) =>
  tenant.chime.disassociateSigninDelegateGroupsFromAccount({ AccountId, GroupNames })
const groupsOf = async (AccountId: string) =>
  (await tenant.chime.getAccount({ AccountId })).Account?.SigninDelegateGroups

describe('AssociateSigninDelegateGroupsWithAccount, DisassociateSigninDelegateGroupsFromAccount', () => {
  test('change the set of groups that is shown with the account', async () => {
    const AccountId = await givenDirectory()
    await associate(AccountId, 'rooms', 'lobby')
    await associate(AccountId, 'rooms', 'rooms', 'attic')
    expect(await groupsOf(AccountId)).toEqual(groups('attic', 'lobby', 'rooms'))
    const { Accounts = [] } = await tenant.chime.listAccounts()
    expect(Accounts.find((it) => it.AccountId === AccountId)?.SigninDelegateGroups).toHaveLength(3)
    await disassociate(AccountId, 'lobby', 'nobody')
    expect(await groupsOf(AccountId)).toEqual(groups('attic', 'rooms'))
  })

  test.each([
    ['blank', ' '],
    ['empty', ''],
  ])('refuse a name that is %s', async (_, name) => {
    const AccountId = await givenDirectory()
    expect(await refused(associate(AccountId, name))).toContain("'SigninDelegateGroups[0].GroupName'")
    expect(await refused(disassociate(AccountId, name))).toContain("'GroupNames[0]'")
  })

  test('refuse an empty list', async () => {
    const AccountId = await givenDirectory()
    expect(await refused(associate(AccountId))).toContain('length greater than or equal to 1')
    expect(await refused(disassociate(AccountId))).toContain('length greater than or equal to 1')
  })

  test('refuse Team accounts, unknown accounts and suspended accounts', async () => {
    const team = await givenAccount(tenant)
    expect(await refused(associate(team, 'a'))).toMatch(/^400 BadRequestException BadRequest: Accounts of type Team/)
    expect(await refused(disassociate(team, 'a'))).toMatch(/^400 /)
    expect(await refused(associate('nobody', 'a'))).toBe(notFound('Account', 'nobody'))
    await changeAccount(belfry, team, { account_status: 'Suspended' })
    expect(await refused(associate(team, 'a'))).toBe(accountSuspended)
  })
})
