/** InviteUsers, through the HTTP API. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badRequest,
  broken,
  changeAccount,
  givenAccount,
  givenUser,
  hostileIds,
  impossibleIds,
  invalid,
  malformed,
  newEmail,
  notFound,
  refused,
  refusedRaw,
  uuid,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()
const AccountId = await givenAccount(tenant)

const invite = async (...UserEmailList: string[]) => {
  const { Invites = [] } = await chime.inviteUsers({ AccountId, UserEmailList })
  return Invites
}
const findUser = async (UserEmail: string, account = AccountId) => {
  const { Users = [] } = await chime.listUsers({ AccountId: account, UserEmail })
  expect(Users.length).toBeLessThanOrEqual(1)
  return Users[0]
}
const post = (body: string) =>
  sendSigned(belfry.url, tenant, { method: 'POST', path: `/accounts/${AccountId}/users?operation=add`, body })

const pending = { InviteId: expect.stringMatching(uuid), Status: 'Pending', EmailStatus: 'NotSent' }

describe('InviteUsers', () => {
  test('makes an invite, and a user with a pending invitation', async () => {
    const EmailAddress = newEmail()
    const { Invites, $metadata } = await chime.inviteUsers({ AccountId, UserEmailList: [EmailAddress] })
    expect($metadata.httpStatusCode).toBe(201)
    expect(Invites).toEqual([{ ...pending, EmailAddress }])
    const user = await findUser(EmailAddress)
    expect(user).toEqual({
      UserId: expect.stringMatching(uuid),
      AccountId,
      PrimaryEmail: EmailAddress,
      LicenseType: 'Pro',
      UserType: 'PrivateUser',
      UserRegistrationStatus: 'Unregistered',
      UserInvitationStatus: 'Pending',
      InvitedOn: expect.any(Date),
      AlexaForBusinessMetadata: { IsAlexaForBusinessEnabled: false },
    })
    expect(Math.abs(Number(user?.InvitedOn) - Number(tenant.now()))).toBeLessThan(5_000)
    expect((await chime.getUser({ AccountId, UserId: user?.UserId })).User).toEqual(user)
  })

  test('answers compact JSON in alphabetical order', async () => {
    const email = newEmail()
    const { body, json } = await post(JSON.stringify({ UserEmailList: [email] }))
    const [{ InviteId } = {}] = json['Invites'] as Record<string, unknown>[]
    const expected = `{"EmailAddress":"${email}","EmailStatus":"NotSent","InviteId":"${InviteId}","Status":"Pending"}`
    expect(body).toBe(`{"Invites":[${expected}]}`)
  })

  test('invites 50 users at once, in the given order', async () => {
    const emails = Array.from({ length: 50 }, () => newEmail())
    const invites = await invite(...emails)
    expect(invites.map(({ EmailAddress }) => EmailAddress)).toEqual(emails)
    expect(new Set(invites.map(({ InviteId }) => InviteId)).size).toBe(50)
  })

  test('gives the new users the requested type', async () => {
    const email = newEmail()
    await chime.inviteUsers({ AccountId, UserEmailList: [email], UserType: 'SharedDevice' })
    expect((await findUser(email))?.UserType).toBe('SharedDevice')
  })

  test.each(["o'neil", 'über😀', '%_', '__proto__'])('accepts an address like %j', async (local) => {
    const EmailAddress = `${local}${newEmail()}`
    expect(await invite(EmailAddress)).toEqual([{ ...pending, EmailAddress }])
    expect((await findUser(EmailAddress))?.PrimaryEmail).toBe(EmailAddress)
  })

  test('answers with the pending invite of an address, in upper or lower case', async () => {
    const email = newEmail()
    const [first] = await invite(email)
    expect(await invite(email)).toEqual([first])
    expect((await invite(email.toUpperCase()))[0]?.InviteId).toBe(first?.InviteId)
  })

  test('invites a repeated address only once', async () => {
    const [one, two] = [newEmail(), newEmail()]
    const invites = await invite(one, two, one, one.toUpperCase())
    expect(invites.map(({ EmailAddress }) => EmailAddress?.toLowerCase())).toEqual([one, two])
  })

  test('makes no invite for a registered user', async () => {
    const EmailAddress = newEmail()
    const UserId = await givenUser(tenant, AccountId, EmailAddress)
    const before = await findUser(EmailAddress)
    expect(await invite(EmailAddress)).toEqual([{ Status: 'Accepted', EmailStatus: 'NotSent', EmailAddress }])
    expect(await findUser(EmailAddress)).toEqual(before)
    expect(before?.UserId).toBe(UserId)
  })

  test('lifts a suspension with a new invite', async () => {
    const EmailAddress = newEmail()
    const [first] = await invite(EmailAddress)
    const { UserId = '', InvitedOn } = (await findUser(EmailAddress)) ?? {}
    await chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    belfry.advance(60_000)
    const [second] = await invite(EmailAddress)
    expect(second).toEqual({ ...pending, EmailAddress })
    expect(second?.InviteId).not.toBe(first?.InviteId)
    const user = await findUser(EmailAddress)
    expect(user).toMatchObject({ UserId, UserRegistrationStatus: 'Unregistered', UserInvitationStatus: 'Pending' })
    expect(Number(user?.InvitedOn)).toBeGreaterThanOrEqual(Number(InvitedOn) + 60_000)
  })

  test('fails only for the addresses that are used in another account, of any AWS account', async () => {
    const [taken, foreign, free] = [newEmail(), newEmail(), newEmail()]
    await givenUser(tenant, await givenAccount(tenant), taken)
    const stranger = await belfry.tenant()
    await givenUser(stranger, await givenAccount(stranger), foreign)
    expect(await invite(taken, free, foreign)).toEqual([
      { Status: 'Failed', EmailStatus: 'NotSent', EmailAddress: taken },
      { ...pending, EmailAddress: free },
      { Status: 'Failed', EmailStatus: 'NotSent', EmailAddress: foreign },
    ])
    expect(await findUser(taken)).toBeUndefined()
    expect(await findUser(foreign)).toBeUndefined()
  })

  test('gives an address to one of two accounts that invite it at once', async () => {
    const UserEmailList = Array.from({ length: 10 }, () => newEmail())
    const stranger = await belfry.tenant()
    const elsewhere = await givenAccount(stranger)
    const [ours, theirs] = await Promise.all([
      chime.inviteUsers({ AccountId, UserEmailList }),
      stranger.chime.inviteUsers({ AccountId: elsewhere, UserEmailList: UserEmailList.toReversed() }),
    ])
    const pendingOf = ({ Invites = [] }: typeof ours) =>
      Invites.filter(({ Status }) => Status === 'Pending').map(({ EmailAddress }) => EmailAddress)
    expect([...pendingOf(ours), ...pendingOf(theirs)].toSorted()).toEqual(UserEmailList.toSorted())
  })

  test.each(['EnterpriseLWA', 'EnterpriseDirectory'] as const)('refuses accounts of type %s', async (account_type) => {
    const account = await givenAccount(tenant)
    await changeAccount(belfry, account, { account_type })
    const email = newEmail()
    expect(await refused(chime.inviteUsers({ AccountId: account, UserEmailList: [email] }))).toBe(
      badRequest(`Accounts of type ${account_type} do not support this operation`),
    )
    expect(await findUser(email, account)).toBeUndefined()
  })

  test.each([
    ['{}', 'UserEmailList', 'not be null'],
    ['{"UserEmailList":null}', 'UserEmailList', 'not be null'],
    ['{"UserEmailList":[]}', 'UserEmailList', 'have length greater than or equal to 1'],
    ['{"UserEmailList":"a@example.com"}', 'UserEmailList', 'be a list'],
    [
      JSON.stringify({ UserEmailList: Array(51).fill('a@b.c') }),
      'UserEmailList',
      'have length less than or equal to 50',
    ],
    ['{"UserEmailList":[null]}', 'UserEmailList[0]', 'not be null'],
    ['{"UserEmailList":["nobody"]}', 'UserEmailList[0]', malformed],
    ['{"UserEmailList":["a@b"]}', 'UserEmailList[0]', malformed],
    ['{"UserEmailList":["a\\u0000@example.com"]}', 'UserEmailList[0]', broken],
    ['{"UserEmailList":["\\ud800@example.com"]}', 'UserEmailList[0]', broken],
    [
      `{"UserEmailList":["${'x'.repeat(309)}@example.com"]}`,
      'UserEmailList[0]',
      'have length less than or equal to 320',
    ],
    [
      '{"UserEmailList":["a@b.c"],"UserType":"Robot"}',
      'UserType',
      'satisfy enum value set: [PrivateUser, SharedDevice]',
    ],
  ])('refuses the body %s', async (body, member, constraint) => {
    expect(refusedRaw(await post(body))).toBe(invalid(member, constraint))
  })

  test('invites no users if one address is malformed', async () => {
    const email = newEmail()
    expect(await refused(invite(email, 'nobody'))).toBe(invalid('UserEmailList[1]', malformed))
    expect(await findUser(email)).toBeUndefined()
  })

  test('does not find an account of another AWS account or by a hostile id', async () => {
    const UserEmailList = [newEmail()]
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.inviteUsers({ AccountId, UserEmailList }))).toBe(notFound('Account', AccountId))
    for (const id of hostileIds)
      expect(await refused(chime.inviteUsers({ AccountId: id, UserEmailList }))).toBe(notFound('Account', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(chime.inviteUsers({ AccountId: id, UserEmailList }))).toBe(invalid('AccountId', constraint))
  })

  test('is refused on a suspended account', async () => {
    const account = await givenAccount(tenant)
    await changeAccount(belfry, account, { account_status: 'Suspended' })
    const UserEmailList = [newEmail()]
    expect(await refused(chime.inviteUsers({ AccountId: account, UserEmailList }))).toBe(accountSuspended)
  })
})
