/** Deleting accounts. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  changeAccount,
  claimDomain,
  givenAccount,
  givenAssignable,
  givenUser,
  newEmail,
  notFound,
  refused,
  releaseDomains,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

describe('DeleteAccount', () => {
  const withUsers = '422 UnprocessableEntityException Unprocessable: The account still has users that are not suspended'
  const withDomains = '422 UnprocessableEntityException Unprocessable: The account still has claimed domains'

  test('answers 204 without a body', async () => {
    const path = `/accounts/${await givenAccount(tenant)}`
    const answer = await sendSigned(belfry.url, tenant, { method: 'DELETE', path })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.headers).not.toHaveProperty('content-length')
    expect(answer.headers).not.toHaveProperty('transfer-encoding')
  })

  test('makes every later request for the account fail with 404', async () => {
    const AccountId = await givenAccount(tenant)
    await chime.deleteAccount({ AccountId })
    const gone = notFound('Account', AccountId)
    expect(await refused(chime.getAccount({ AccountId }))).toBe(gone)
    expect(await refused(chime.deleteAccount({ AccountId }))).toBe(gone)
    expect(await refused(chime.listUsers({ AccountId }))).toBe(gone)
    expect(await refused(chime.createUser({ AccountId, Email: newEmail() }))).toBe(gone)
  })

  test('is refused until every user of a Team account is suspended, including invited users', async () => {
    const AccountId = await givenAccount(tenant)
    const UserEmail = newEmail()
    const registered = await givenUser(tenant, AccountId)
    await chime.inviteUsers({ AccountId, UserEmailList: [UserEmail] })
    const { Users = [] } = await chime.listUsers({ AccountId, UserEmail })
    expect(await refused(chime.deleteAccount({ AccountId }))).toBe(withUsers)
    await chime.batchSuspendUser({ AccountId, UserIdList: [registered] })
    expect(await refused(chime.deleteAccount({ AccountId }))).toBe(withUsers)
    await chime.batchSuspendUser({ AccountId, UserIdList: [Users[0]?.UserId ?? ''] })
    await chime.deleteAccount({ AccountId })
    const home = await givenAccount(tenant)
    expect((await chime.createUser({ AccountId: home, Email: UserEmail })).User?.PrimaryEmail).toBe(UserEmail)
  })

  test.each(['EnterpriseLWA', 'EnterpriseDirectory'] as const)(
    'is refused until an account of type %s has released its domains',
    async (account_type) => {
      const AccountId = await givenAccount(tenant)
      await changeAccount(belfry, AccountId, { account_type })
      await claimDomain(belfry, tenant, AccountId)
      expect(await refused(chime.deleteAccount({ AccountId }))).toBe(withDomains)
      await releaseDomains(belfry, AccountId)
      await chime.deleteAccount({ AccountId })
    },
  )

  test('frees the numbers that its users still hold', async () => {
    const { AccountId, UserId, E164PhoneNumber } = await givenAssignable(belfry, tenant)
    await changeAccount(belfry, AccountId, { account_type: 'EnterpriseLWA' })
    await chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber })
    await chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    await chime.deleteAccount({ AccountId })
    const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId: E164PhoneNumber })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', Associations: [] })
  })
})
