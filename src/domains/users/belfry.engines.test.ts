/** Belfry's own operations on users, which replace the client of Amazon Chime. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  changeAccount,
  claimDomain,
  givenAccount,
  givenAssignable,
  newEmail,
  notFound,
  refused,
} from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object) => callBelfry(belfry.url, tenant, text, members)

async function givenInvited(Email = newEmail()) {
  const AccountId = await givenAccount(tenant)
  await tenant.chime.inviteUsers({ AccountId, UserEmailList: [Email] })
  const { Users = [] } = await tenant.chime.listUsers({ AccountId })
  return { AccountId, UserId: Users[0]?.UserId ?? '', Email }
}

describe('AcceptInvitation, DeclineInvitation', () => {
  test('an accepted invitation registers the user', async () => {
    const { AccountId, UserId, Email } = await givenInvited()
    const { json } = await call(`POST /accounts/${AccountId}/users/${UserId}?operation=accept-invitation`, {
      DisplayName: 'Ann',
    })
    expect(json['User']).toMatchObject({
      UserRegistrationStatus: 'Registered',
      UserInvitationStatus: 'Accepted',
      DisplayName: 'Ann',
      PersonalPIN: expect.stringMatching(/^\d{10}$/),
      RegisteredOn: expect.stringMatching(/Z$/),
    })
    const { Invites } = await tenant.chime.inviteUsers({ AccountId, UserEmailList: [Email] })
    expect(Invites?.[0]?.Status).toBe('Accepted')
    expect((await call(`POST /accounts/${AccountId}/users/${UserId}?operation=accept-invitation`)).status).toBe(400)
    expect((await call(`POST /accounts/${AccountId}/users/${UserId}?operation=decline-invitation`)).status).toBe(400)
  })

  test('a declined invitation removes the user, and can be sent again', async () => {
    const { AccountId, UserId, Email } = await givenInvited()
    expect((await call(`POST /accounts/${AccountId}/users/${UserId}?operation=decline-invitation`)).status).toBe(204)
    expect(await refused(tenant.chime.getUser({ AccountId, UserId }))).toBe(notFound('User', UserId))
    expect((await tenant.chime.inviteUsers({ AccountId, UserEmailList: [Email] })).Invites?.[0]?.Status).toBe('Pending')
  })
})

describe('RegisterUser', () => {
  test('registers a user with an address in a claimed domain', async () => {
    const AccountId = await givenAccount(tenant)
    await changeAccount(belfry, AccountId, { account_type: 'EnterpriseLWA' })
    await claimDomain(belfry, tenant, AccountId)
    const Email = newEmail().toUpperCase()
    const register = (members: object) => call(`POST /accounts/${AccountId}/users?operation=register`, members)
    const { status, json } = await register({ Email })
    expect([status, json['User']]).toEqual([
      201,
      expect.objectContaining({
        PrimaryEmail: Email,
        UserRegistrationStatus: 'Registered',
        UserInvitationStatus: null,
      }),
    ])
    expect((await register({ Email: Email.toLowerCase() })).status).toBe(409)
    expect((await register({ Email: 'ann@elsewhere.org' })).status).toBe(400)
    expect((await register({ Email: 'ann@example.com@elsewhere.org' })).status).toBe(400)
    const team = await givenAccount(tenant)
    expect((await call(`POST /accounts/${team}/users?operation=register`, { Email: newEmail() })).status).toBe(400)
  })
})

describe('DeleteUser', () => {
  test('frees the number and the address, and keeps the history', async () => {
    const input = await givenAssignable(belfry, tenant)
    const { AccountId, UserId, E164PhoneNumber } = input
    await tenant.chime.associatePhoneNumberWithUser(input)
    const { User } = await tenant.chime.getUser(input)
    expect((await call(`DELETE /accounts/${AccountId}/users/${UserId}`)).status).toBe(204)
    expect(await refused(tenant.chime.getUser(input))).toBe(notFound('User', UserId))
    expect((await call(`DELETE /accounts/${AccountId}/users/${UserId}`)).status).toBe(404)
    const { PhoneNumber } = await tenant.chime.getPhoneNumber({ PhoneNumberId: E164PhoneNumber })
    expect(PhoneNumber?.Status).toBe('Unassigned')
    await tenant.chime.createUser({ AccountId, Email: User?.PrimaryEmail })
    const { json } = await call(`GET /accounts/${AccountId}/users/${UserId}/assignments`)
    expect(json['Assignments']).toEqual([expect.objectContaining({ E164PhoneNumber, UserId })])
  })
})
