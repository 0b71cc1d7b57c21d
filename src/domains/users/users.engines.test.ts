/** Users and their settings, through the HTTP API; invitations have a file of their own. */
import type { Chime, User } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badRequest,
  blank,
  broken,
  changeAccount,
  givenAccount,
  givenAccountOf,
  givenUser,
  hostileIds,
  impossibleIds,
  invalid,
  newEmail,
  notFound,
  refused,
  refusedRaw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()
/** An account for tests that do not need one of their own. */
const AccountId = await givenAccount(tenant)

const unsupportedLicense = 'The account supports the licenses Basic, Pro'

const getUser = async (UserId: string, account = AccountId): Promise<User | undefined> =>
  (await chime.getUser({ AccountId: account, UserId })).User
const post = (query: string, body: string, account = AccountId) =>
  sendSigned(belfry.url, tenant, { method: 'POST', path: `/accounts/${account}/users${query}`, body })

describe('GetUser', () => {
  test('shows the complete user, with the personal PIN that other operations leave out', async () => {
    const { User } = await chime.createUser({ AccountId, Email: newEmail() })
    const found = await chime.getUser({ AccountId, UserId: User?.UserId })
    expect(found.$metadata.httpStatusCode).toBe(200)
    expect(found.User).toEqual({ ...User, PersonalPIN: expect.stringMatching(/^\d{10}$/) })
    const listed = await chime.listUsers({ AccountId, UserEmail: User?.PrimaryEmail })
    expect(listed.Users).toEqual([User])
  })
})

describe('UpdateUser', () => {
  const update = (UserId: string, body: string) => post(`/${UserId}`, body)

  test('changes license, type and Alexa metadata, and answers with the complete user', async () => {
    const { User } = await chime.createUser({ AccountId, Email: newEmail() })
    const UserId = User?.UserId ?? ''
    const basic = await chime.updateUser({ AccountId, UserId, LicenseType: 'Basic' })
    expect(basic.$metadata.httpStatusCode).toBe(200)
    expect(basic.User).toEqual({ ...User, LicenseType: 'Basic' })
    const shared = await chime.updateUser({ AccountId, UserId, UserType: 'SharedDevice' })
    expect(shared.User).toEqual({ ...User, LicenseType: 'Basic', UserType: 'SharedDevice' })
    const AlexaForBusinessMetadata = { IsAlexaForBusinessEnabled: true, AlexaForBusinessRoomArn: 'arn:aws:a4b:room' }
    const alexa = await chime.updateUser({ AccountId, UserId, LicenseType: 'Pro', AlexaForBusinessMetadata })
    expect(alexa.User).toEqual({ ...User, UserType: 'SharedDevice', AlexaForBusinessMetadata })
    expect(await getUser(UserId)).toEqual({ ...alexa.User, PersonalPIN: expect.any(String) })
  })

  test.each([
    '{}',
    '{"LicenseType":null,"UserType":null,"AlexaForBusinessMetadata":null}',
    '{"AlexaForBusinessMetadata":{"AlexaForBusinessRoomArn":null}}',
    '{"PrimaryEmail":"x@example.com","UserRegistrationStatus":"Suspended","DisplayName":"x"}',
  ])('changes nothing for the body %s', async (body) => {
    const UserId = await givenUser(tenant, AccountId)
    const before = await getUser(UserId)
    expect((await update(UserId, body)).status).toBe(200)
    expect(await getUser(UserId)).toEqual(before)
  })

  test.each(['Plus', 'ProTrial'])(
    'refuses the license %s, which the account does not support, and changes nothing',
    async (it) => {
      const UserId = await givenUser(tenant, AccountId)
      const answer = await update(UserId, JSON.stringify({ LicenseType: it, UserType: 'SharedDevice' }))
      expect(refusedRaw(answer)).toBe(badRequest(unsupportedLicense))
      expect(await getUser(UserId)).toMatchObject({ LicenseType: 'Pro', UserType: 'PrivateUser' })
    },
  )

  test.each([
    ['{"LicenseType":"Gold"}', 'LicenseType', 'satisfy enum value set: [Basic, Plus, Pro, ProTrial]'],
    ['{"UserType":"Robot"}', 'UserType', 'satisfy enum value set: [PrivateUser, SharedDevice]'],
    ['{"AlexaForBusinessMetadata":"on"}', 'AlexaForBusinessMetadata', 'be an object'],
    [
      '{"AlexaForBusinessMetadata":{"IsAlexaForBusinessEnabled":1}}',
      'AlexaForBusinessMetadata.IsAlexaForBusinessEnabled',
      'be a boolean',
    ],
    [
      '{"AlexaForBusinessMetadata":{"AlexaForBusinessRoomArn":"\\ud800"}}',
      'AlexaForBusinessMetadata.AlexaForBusinessRoomArn',
      broken,
    ],
  ])('refuses the body %s', async (body, member, constraint) => {
    expect(refusedRaw(await update('u', body))).toBe(invalid(member, constraint))
  })
})

describe('GetUserSettings and UpdateUserSettings', () => {
  const put = (UserId: string, body: string) =>
    sendSigned(belfry.url, tenant, { method: 'PUT', path: `/accounts/${AccountId}/users/${UserId}/settings`, body })

  test('show all permissions as off at first', async () => {
    const path = `/accounts/${AccountId}/users/${await givenUser(tenant, AccountId)}/settings`
    const { status, body } = await sendSigned(belfry.url, tenant, { path })
    const expected = '{"UserSettings":{"Telephony":{"InboundCalling":false,"OutboundCalling":false,"SMS":false}}}'
    expect([status, body]).toEqual([200, expected])
  })

  test.each([
    { InboundCalling: true, OutboundCalling: false, SMS: false },
    { InboundCalling: false, OutboundCalling: true, SMS: false },
    { InboundCalling: false, OutboundCalling: false, SMS: true },
  ])('an update replaces all three permissions, even for a user without a number: %j', async (Telephony) => {
    const [UserId, colleague] = [await givenUser(tenant, AccountId), await givenUser(tenant, AccountId)]
    const all = { Telephony: { InboundCalling: true, OutboundCalling: true, SMS: true } }
    await chime.updateUserSettings({ AccountId, UserId, UserSettings: all })
    await chime.updateUserSettings({ AccountId, UserId: colleague, UserSettings: all })
    const { $metadata } = await chime.updateUserSettings({ AccountId, UserId, UserSettings: { Telephony } })
    expect($metadata.httpStatusCode).toBe(204)
    expect((await chime.getUserSettings({ AccountId, UserId })).UserSettings).toEqual({ Telephony })
    expect((await chime.getUserSettings({ AccountId, UserId: colleague })).UserSettings).toEqual(all)
  })

  test.each([
    ['{}', 'UserSettings', 'not be null'],
    ['{"UserSettings":[]}', 'UserSettings', 'be an object'],
    ['{"UserSettings":{}}', 'UserSettings.Telephony', 'not be null'],
    ['{"UserSettings":{"Telephony":null}}', 'UserSettings.Telephony', 'not be null'],
    [
      '{"UserSettings":{"Telephony":{"InboundCalling":true,"OutboundCalling":true}}}',
      'UserSettings.Telephony.SMS',
      'not be null',
    ],
    [
      '{"UserSettings":{"Telephony":{"InboundCalling":null,"OutboundCalling":true,"SMS":true}}}',
      'UserSettings.Telephony.InboundCalling',
      'not be null',
    ],
    [
      '{"UserSettings":{"Telephony":{"InboundCalling":true,"OutboundCalling":"true","SMS":true}}}',
      'UserSettings.Telephony.OutboundCalling',
      'be a boolean',
    ],
  ])('an update with %s is refused', async (body, member, constraint) => {
    const UserId = await givenUser(tenant, AccountId)
    expect(refusedRaw(await put(UserId, body))).toBe(invalid(member, constraint))
    const { UserSettings } = await chime.getUserSettings({ AccountId, UserId })
    expect(UserSettings).toEqual({ Telephony: { InboundCalling: false, OutboundCalling: false, SMS: false } })
  })
})

type Call = (chime: Chime, user: { AccountId: string; UserId: string }) => Promise<unknown>

const UserSettings = { Telephony: { InboundCalling: true, OutboundCalling: true, SMS: true } }
const reads: [string, Call][] = [
  ['GetUser', (caller, user) => caller.getUser(user)],
  ['GetUserSettings', (caller, user) => caller.getUserSettings(user)],
]
const writes: [string, Call][] = [
  ['UpdateUser', (caller, user) => caller.updateUser({ ...user, LicenseType: 'Basic' })],
  ['UpdateUserSettings', (caller, user) => caller.updateUserSettings({ ...user, UserSettings })],
]
const accountReads: [string, Call][] = [['ListUsers', (caller, user) => caller.listUsers(user)]]
const accountWrites: [string, Call][] = [
  ['CreateUser', (caller, user) => caller.createUser({ ...user, Username: 'Ann' })],
  [
    'BatchUpdateUser',
    (caller, { UserId, ...account }) =>
      caller.batchUpdateUser({ ...account, UpdateUserRequestItems: [{ UserId, LicenseType: 'Basic' }] }),
  ],
  [
    'BatchSuspendUser',
    (caller, { UserId, ...account }) => caller.batchSuspendUser({ ...account, UserIdList: [UserId] }),
  ],
  [
    'BatchUnsuspendUser',
    (caller, { UserId, ...account }) => caller.batchUnsuspendUser({ ...account, UserIdList: [UserId] }),
  ],
]

describe.each([...reads, ...writes, ...accountReads, ...accountWrites])('%s', (_, call) => {
  test('does not find an account of another AWS account', async () => {
    const user = { AccountId, UserId: await givenUser(tenant, AccountId) }
    const before = await chime.getUser(user)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(call(stranger, user))).toBe(notFound('Account', AccountId))
    expect((await chime.getUser(user)).User).toEqual(before.User)
  })

  test('does not find an account by a hostile id', async () => {
    for (const id of hostileIds)
      expect(await refused(call(chime, { AccountId: id, UserId: 'u' }))).toBe(notFound('Account', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, { AccountId: id, UserId: 'u' }))).toBe(invalid('AccountId', constraint))
  })
})

describe.each([...reads, ...writes])('%s', (_, call) => {
  test('does not find a user of another account', async () => {
    const UserId = await givenUser(tenant, await givenAccount(tenant))
    expect(await refused(call(chime, { AccountId, UserId }))).toBe(notFound('User', UserId))
  })

  test('does not find a user by a hostile id', async () => {
    for (const id of hostileIds)
      expect(await refused(call(chime, { AccountId, UserId: id }))).toBe(notFound('User', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, { AccountId, UserId: id }))).toBe(invalid('UserId', constraint))
  })
})

test.each(['/users/', '/users/%20', '/users//settings'])(
  'the path %s is refused because its user id is blank',
  async (path) => {
    const answer = await sendSigned(belfry.url, tenant, { path: `/accounts/${AccountId}${path}` })
    expect(refusedRaw(answer)).toBe(invalid('UserId', blank))
  },
)

test.each([...writes, ...accountWrites])('%s is refused on a suspended account', async (_, call) => {
  const account = await givenAccountOf(belfry, tenant, 'EnterpriseLWA')
  const user = { AccountId: account, UserId: await givenUser(tenant, account) }
  const before = await chime.getUser(user)
  await changeAccount(belfry, account, { account_status: 'Suspended' })
  expect(await refused(call(chime, user))).toBe(accountSuspended)
  expect(await refused(call(chime, { ...user, UserId: 'nobody' }))).toBe(accountSuspended)
  expect((await chime.getUser(user)).User).toEqual(before.User)
  expect((await chime.listUsers(user)).Users).toHaveLength(1)
  expect((await chime.getUserSettings(user)).UserSettings?.Telephony?.SMS).toBe(false)
})
