import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  changeAccount,
  givenAccount,
  givenUser,
  newEmail,
  notFound,
  refused,
} from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

async function given() {
  const AccountId = await givenAccount(tenant)
  return { AccountId, UserId: await givenUser(tenant, AccountId) }
}

describe('LogoutUser', () => {
  test('answers 204 and leaves the user unchanged, also when repeated', async () => {
    const input = await given()
    const before = await tenant.chime.getUser(input)
    for (let times = 0; times < 2; times++)
      expect((await tenant.chime.logoutUser(input)).$metadata.httpStatusCode).toBe(204)
    expect((await tenant.chime.getUser(input)).User).toEqual(before.User)
  })

  test('records the time of the sign-out', async () => {
    const input = await given()
    await tenant.chime.logoutUser(input)
    expect(await signedOutAt(input.UserId)).toBeLessThanOrEqual(tenant.now().getTime())
  })
})

describe('BatchSuspendUser', () => {
  test.each([
    ['EnterpriseLWA', true],
    ['Team', false],
  ] as const)('records a sign-out for accounts of type %s: %s', async (account_type, ends) => {
    const { AccountId, UserId } = await given()
    if (account_type !== 'Team') await changeAccount(belfry, AccountId, { account_type })
    await tenant.chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    expect((await signedOutAt(UserId)) > 0).toBe(ends)
  })
})

test('users are signed out when the account releases its last domain', async () => {
  const { AccountId, UserId } = await given()
  await changeAccount(belfry, AccountId, { account_type: 'EnterpriseLWA' })
  const domain = `/accounts/${AccountId}/domains/signed-out-${tenant.awsAccountId}.example.com`
  await callBelfry(belfry.url, tenant, `PUT ${domain}`)
  expect((await callBelfry(belfry.url, tenant, `DELETE ${domain}`)).status).toBe(204)
  expect(await signedOutAt(UserId)).toBeGreaterThan(0)
})

async function signedOutAt(UserId: string): Promise<number> {
  const row = await belfry.database.read((db) =>
    db.selectFrom('users').select('signed_out_at').where('user_id', '=', UserId).executeTakeFirst(),
  )
  return Date.parse(row?.signed_out_at ?? '')
}

describe('ResetPersonalPIN', () => {
  test('answers with the complete user and a new PIN, which GetUser shows from then on', async () => {
    const input = await given()
    const before = (await tenant.chime.getUser(input)).User
    const { User } = await tenant.chime.resetPersonalPIN(input)
    expect(User?.PersonalPIN).toMatch(/^\d{10}$/)
    expect(User?.PersonalPIN).not.toBe(before?.PersonalPIN)
    expect(User).toEqual({ ...before, PersonalPIN: User?.PersonalPIN })
    expect((await tenant.chime.getUser(input)).User).toEqual(User)
  })

  test('refuses an invited user and a suspended user', async () => {
    const { AccountId, UserId } = await given()
    await tenant.chime.inviteUsers({ AccountId, UserEmailList: [newEmail()] })
    const { Users = [] } = await tenant.chime.listUsers({ AccountId })
    const invited = Users.find(({ UserRegistrationStatus }) => UserRegistrationStatus === 'Unregistered')?.UserId ?? ''
    await tenant.chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    for (const id of [invited, UserId])
      expect(await refused(tenant.chime.resetPersonalPIN({ AccountId, UserId: id }))).toBe(
        '400 BadRequestException BadRequest: The user is not registered',
      )
  })
})

test.each(['logoutUser', 'resetPersonalPIN'] as const)(
  '%s does not find unknown users and accounts, and refuses a suspended account',
  async (name) => {
    const input = await given()
    expect(await refused(tenant.chime[name]({ ...input, UserId: 'nobody' }))).toBe(notFound('User', 'nobody'))
    expect(await refused(tenant.chime[name]({ ...input, AccountId: 'nobody' }))).toBe(notFound('Account', 'nobody'))
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger[name](input))).toBe(notFound('Account', input.AccountId))
    await changeAccount(belfry, input.AccountId, { account_status: 'Suspended' })
    expect(await refused(tenant.chime[name](input))).toBe(accountSuspended)
  },
)
