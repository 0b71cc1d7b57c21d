/** Creating users. */
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import {
  badRequest,
  broken,
  changeAccount,
  conflict,
  givenAccount,
  givenAccountOf,
  givenUser,
  invalid,
  malformed,
  newEmail,
  refused,
  refusedRaw,
  uuid,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()
/** An account for tests that do not need one of their own. */
const AccountId = await givenAccount(tenant)

const post = (query: string, body: string, account = AccountId) =>
  sendSigned(belfry.url, tenant, { method: 'POST', path: `/accounts/${account}/users${query}`, body })

describe('CreateUser', () => {
  const create = (body: string) => post('?operation=create', body)

  test('makes a registered user', async () => {
    const Email = newEmail()
    const { User, $metadata } = await chime.createUser({ AccountId, Email })
    expect($metadata.httpStatusCode).toBe(201)
    expect(User).toEqual({
      UserId: expect.stringMatching(uuid),
      AccountId,
      PrimaryEmail: Email,
      DisplayName: Email.split('@')[0],
      LicenseType: 'Pro',
      UserType: 'PrivateUser',
      UserRegistrationStatus: 'Registered',
      RegisteredOn: expect.any(Date),
      AlexaForBusinessMetadata: { IsAlexaForBusinessEnabled: false },
    })
    expect(Math.abs(Number(User?.RegisteredOn) - Number(tenant.now()))).toBeLessThan(5_000)
  })

  test('answers compact JSON in alphabetical order with explicit nulls', async () => {
    const { body, json } = await create('{"Username":"Room 1","UserType":"SharedDevice"}')
    const { UserId, RegisteredOn } = json['User'] as Record<string, unknown>
    expect(RegisteredOn).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(body).toBe(
      `{"User":{"AccountId":"${AccountId}","AlexaForBusinessMetadata":{"AlexaForBusinessRoomArn":null,"IsAlexaForBusinessEnabled":false},"DisplayName":"Room 1","InvitedOn":null,"LicenseType":"Pro","PersonalPIN":null,"PrimaryEmail":null,"PrimaryProvisionedNumber":null,"RegisteredOn":"${RegisteredOn}","UserId":"${UserId}","UserInvitationStatus":null,"UserRegistrationStatus":"Registered","UserType":"SharedDevice"}}`,
    )
  })

  test.each(['EnterpriseLWA', 'EnterpriseDirectory'] as const)('works on accounts of type %s', async (type) => {
    const { User } = await chime.createUser({
      AccountId: await givenAccountOf(belfry, tenant, type),
      Email: newEmail(),
    })
    expect(User?.UserRegistrationStatus).toBe('Registered')
  })

  test('accepts only directory accounts if the setting says so, as Amazon Chime does', async () => {
    const strict = await startBelfry({ CREATE_USER_DIRECTORY_ONLY: 'true' })
    const owner = await strict.tenant()
    const account = await givenAccount(owner)
    const call = owner.chime.createUser({ AccountId: account, Email: newEmail() })
    expect(await refused(call)).toBe(badRequest('Service received a bad request'))
    await changeAccount(strict, account, { account_type: 'EnterpriseDirectory' })
    expect(await givenUser(owner, account)).toMatch(uuid)
  })

  test.each(['Ann', '😀'.repeat(100), "O'Neil; DROP TABLE users", '__proto__', '%_', 'x'.repeat(1024)])(
    'shows the given Username: %j',
    async (Username) => {
      const { User } = await chime.createUser({ AccountId, Username, Email: newEmail() })
      expect(User?.DisplayName).toBe(Username)
    },
  )

  test.each(["o'neil", 'über+tag', '%_', 'a b', '"quoted@local"'])('accepts an address like %j', async (local) => {
    const Email = `${local}${newEmail()}`
    const { User } = await chime.createUser({ AccountId, Email })
    expect((await chime.listUsers({ AccountId, UserEmail: Email })).Users).toEqual([User])
  })

  test.each(['{}', '{"Username":null,"Email":null}', '{"UserType":"SharedDevice"}'])(
    'refuses a user without name and address: %s',
    async (body) => {
      expect(refusedRaw(await create(body))).toBe(badRequest('A user needs a Username or an Email'))
    },
  )

  test.each([
    ['"Email":"nobody"', 'Email', malformed],
    ['"Email":""', 'Email', malformed],
    ['"Email":"a@b"', 'Email', malformed],
    ['"Email":"@example.com"', 'Email', malformed],
    ['"Email":7', 'Email', 'be a string'],
    ['"Email":"a\\u0000@example.com"', 'Email', broken],
    ['"Email":"\\ud800@example.com"', 'Email', broken],
    [`"Email":"${'x'.repeat(309)}@example.com"`, 'Email', 'have length less than or equal to 320'],
    ['"Username":"a\\u0000b"', 'Username', broken],
    ['"Username":"\\ud800"', 'Username', broken],
    ['"Username":[]', 'Username', 'be a string'],
    [`"Username":"${'x'.repeat(1025)}"`, 'Username', 'have length less than or equal to 1024'],
    ['"Username":"a","UserType":"Robot"', 'UserType', 'satisfy enum value set: [PrivateUser, SharedDevice]'],
  ])('refuses the body {%s}', async (members, member, constraint) => {
    expect(refusedRaw(await create(`{${members}}`))).toBe(invalid(member, constraint))
  })

  test('accepts an address of 320 characters', async () => {
    const Email = newEmail().padStart(320, 'x')
    expect((await chime.createUser({ AccountId, Email })).User?.PrimaryEmail).toBe(Email)
  })

  test('refuses an address that is used in any AWS account, in upper or lower case', async () => {
    const Email = newEmail()
    await givenUser(tenant, AccountId, Email)
    expect(await refused(chime.createUser({ AccountId, Email }))).toBe(conflict)
    expect(await refused(chime.createUser({ AccountId, Email: Email.toUpperCase() }))).toBe(conflict)
    expect(await refused(chime.createUser({ AccountId: await givenAccount(tenant), Email }))).toBe(conflict)
    const stranger = await belfry.tenant()
    const elsewhere = await givenAccount(stranger)
    expect(await refused(stranger.chime.createUser({ AccountId: elsewhere, Email }))).toBe(conflict)
    expect((await stranger.chime.listUsers({ AccountId: elsewhere })).Users).toEqual([])
  })

  test('refuses the address of an invited user and of a suspended user', async () => {
    const Email = newEmail()
    await chime.inviteUsers({ AccountId, UserEmailList: [Email] })
    expect(await refused(chime.createUser({ AccountId, Email }))).toBe(conflict)
    const { Users = [] } = await chime.listUsers({ AccountId, UserEmail: Email })
    await chime.batchSuspendUser({ AccountId, UserIdList: [Users[0]?.UserId ?? ''] })
    expect(await refused(chime.createUser({ AccountId, Email }))).toBe(conflict)
  })

  test('makes many users at once, each with its own values', async () => {
    const wanted = Array.from({ length: 40 }, (_, at) => ({
      AccountId,
      Username: `${at} 'NULL', "$1" {a,b} \\ é😀`,
      ...(at % 2 === 0 && { Email: newEmail() }),
      UserType: at % 3 === 0 ? ('SharedDevice' as const) : ('PrivateUser' as const),
    }))
    const made = await Promise.all(wanted.map((input) => chime.createUser(input)))
    for (const [at, { User }] of made.entries()) {
      const { Username, UserType, Email } = wanted[at] as (typeof wanted)[number] & { Email?: string }
      expect(User).toMatchObject({ AccountId, DisplayName: Username, UserType })
      expect(User?.PrimaryEmail).toBe(Email)
      const { User: found } = await chime.getUser({ AccountId, UserId: User?.UserId })
      expect(found).toEqual({ ...User, PersonalPIN: expect.stringMatching(/^[1-9]\d{9}$/) })
    }
  })

  test('gives an address to one of many concurrent requests', async () => {
    const Email = newEmail()
    const calls = Array.from({ length: 10 }, () => chime.createUser({ AccountId, Email }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refusals = outcomes.flatMap((it) => (it.status === 'rejected' ? [refused(Promise.reject(it.reason))] : []))
    expect(new Set(await Promise.all(refusals))).toEqual(new Set([conflict]))
  })
})
