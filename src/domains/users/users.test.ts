/** Users and their settings, through the front door; invitations have a file of their own. */
import type { Chime, User } from '@aws-sdk/client-chime'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Tenant, type TestBelfry, startBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badMaxResults,
  badRequest,
  badToken,
  badTokens,
  changeAccount,
  givenAccount,
  givenAssignable,
  givenUser,
  hostileIds,
  impossibleIds,
  invalid,
  newEmail,
  notFound,
  readPages,
  refused,
  refusedRaw,
  uuid,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

let belfry: TestBelfry
let tenant: Tenant
let chime: Chime
/** An account for the tests that need not be alone in theirs. */
let AccountId: string

beforeAll(async () => {
  belfry = await startBelfry()
  tenant = await belfry.tenant()
  chime = tenant.chime
  AccountId = await givenAccount(tenant)
})

const givenAccountOf = async (account_type: 'EnterpriseLWA' | 'EnterpriseDirectory') => {
  const id = await givenAccount(tenant)
  await changeAccount(belfry, id, { account_type })
  return id
}

const conflict = '409 ConflictException Conflict: Request could not be completed due to a conflict'
const unsupported = (type: string) => badRequest(`Accounts of type ${type} do not support this operation`)
const unsupportedLicense = 'The account supports the licenses Basic, Pro'
const blank = String.raw`satisfy regular expression pattern: .*\S.*`
const malformed = String.raw`satisfy regular expression pattern: .+@.+\..+`
const broken = 'be well-formed Unicode without NUL'

const getUser = async (UserId: string, account = AccountId): Promise<User | undefined> =>
  (await chime.getUser({ AccountId: account, UserId })).User
const statusOf = async (UserId: string, account = AccountId) => (await getUser(UserId, account))?.UserRegistrationStatus
const post = (query: string, body: string, account = AccountId) =>
  sendSigned(belfry.url, tenant, { method: 'POST', path: `/accounts/${account}/users${query}`, body })
const notFoundItem = (UserId: string) => ({
  UserId,
  ErrorCode: 'NotFound',
  ErrorMessage: `Could not find User with Id '${UserId}'`,
})

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
    const { User } = await chime.createUser({ AccountId: await givenAccountOf(type), Email: newEmail() })
    expect(User?.UserRegistrationStatus).toBe('Registered')
  })

  test('is for directories alone where the setting says so, as in the original', async () => {
    const strict = await startBelfry({ CREATE_USER_DIRECTORY_ONLY: 'true' })
    const owner = await strict.tenant()
    const account = await givenAccount(owner)
    const call = owner.chime.createUser({ AccountId: account, Email: newEmail() })
    expect(await refused(call)).toBe(badRequest('Service received a bad request'))
    await changeAccount(strict, account, { account_type: 'EnterpriseDirectory' })
    expect(await givenUser(owner, account)).toMatch(uuid)
  })

  test.each(['Ann', '😀'.repeat(100), "O'Neil; DROP TABLE users", '__proto__', '%_', 'x'.repeat(1024)])(
    'shows the Username given: %j',
    async (Username) => {
      const { User } = await chime.createUser({ AccountId, Username, Email: newEmail() })
      expect(User?.DisplayName).toBe(Username)
    },
  )

  test.each(["o'neil", 'über+tag', '%_', 'a b', '"quoted@local"'])('takes an address like %j', async (local) => {
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
  ])('refuses {%.40s}', async (members, member, constraint) => {
    expect(refusedRaw(await create(`{${members}}`))).toBe(invalid(member, constraint))
  })

  test('takes an address of 320 characters', async () => {
    const Email = newEmail().padStart(320, 'x')
    expect((await chime.createUser({ AccountId, Email })).User?.PrimaryEmail).toBe(Email)
  })

  test('refuses an address in use anywhere, in any case', async () => {
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

  test('refuses the address of somebody invited, or suspended', async () => {
    const Email = newEmail()
    await chime.inviteUsers({ AccountId, UserEmailList: [Email] })
    expect(await refused(chime.createUser({ AccountId, Email }))).toBe(conflict)
    const { Users = [] } = await chime.listUsers({ AccountId, UserEmail: Email })
    await chime.batchSuspendUser({ AccountId, UserIdList: [Users[0]?.UserId ?? ''] })
    expect(await refused(chime.createUser({ AccountId, Email }))).toBe(conflict)
  })

  test('lets one of many at once have an address', async () => {
    const Email = newEmail()
    const calls = Array.from({ length: 10 }, () => chime.createUser({ AccountId, Email }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refusals = outcomes.flatMap((it) => (it.status === 'rejected' ? [refused(Promise.reject(it.reason))] : []))
    expect(new Set(await Promise.all(refusals))).toEqual(new Set([conflict]))
  })
})

describe('GetUser', () => {
  test('shows all there is, and alone the personal PIN', async () => {
    const { User } = await chime.createUser({ AccountId, Email: newEmail() })
    const found = await chime.getUser({ AccountId, UserId: User?.UserId })
    expect(found.$metadata.httpStatusCode).toBe(200)
    expect(found.User).toEqual({ ...User, PersonalPIN: expect.stringMatching(/^\d{10}$/) })
    const listed = await chime.listUsers({ AccountId, UserEmail: User?.PrimaryEmail })
    expect(listed.Users).toEqual([User])
  })
})

describe('ListUsers', () => {
  const list = (query: string) => sendSigned(belfry.url, tenant, { path: `/accounts/${AccountId}/users?${query}` })

  test('lists everybody in the order they came, the invited and the suspended too', async () => {
    const account = await givenAccount(tenant)
    const [Email, invitee] = [newEmail(), newEmail()]
    const first = await givenUser(tenant, account)
    await chime.inviteUsers({ AccountId: account, UserEmailList: [invitee] })
    const { User } = await chime.createUser({ AccountId: account, Email, UserType: 'SharedDevice' })
    await chime.batchSuspendUser({ AccountId: account, UserIdList: [first] })
    const { Users, NextToken } = await chime.listUsers({ AccountId: account })
    expect(Users?.map((it) => it.UserRegistrationStatus)).toEqual(['Suspended', 'Unregistered', 'Registered'])
    expect(Users?.[1]?.PrimaryEmail).toBe(invitee)
    expect(Users?.[2]).toEqual(User)
    expect(NextToken).toBeUndefined()
    expect((await chime.listUsers({ AccountId: account, UserType: 'SharedDevice' })).Users).toEqual([User])
    expect((await chime.listUsers({ AccountId: account, UserType: 'PrivateUser' })).Users).toHaveLength(2)
    const filter = { AccountId: account, UserEmail: Email.toUpperCase() }
    expect((await chime.listUsers(filter)).Users).toEqual([User])
    expect((await chime.listUsers({ ...filter, UserType: 'PrivateUser' })).Users).toEqual([])
    expect((await chime.listUsers({ AccountId: account, UserEmail: Email.slice(1) })).Users).toEqual([])
    expect((await chime.listUsers({ AccountId, UserEmail: Email })).Users).toEqual([])
  })

  test('answers an empty list with explicit nulls', async () => {
    const path = `/accounts/${await givenAccount(tenant)}/users`
    const { status, body } = await sendSigned(belfry.url, tenant, { path })
    expect([status, body]).toEqual([200, '{"NextToken":null,"Users":[]}'])
  })

  test.each([
    ['user-email=nobody', 'UserEmail', malformed],
    ['user-email=', 'UserEmail', malformed],
    ['user-type=Robot', 'UserType', 'satisfy enum value set: [PrivateUser, SharedDevice]'],
    ['user-type=', 'UserType', 'satisfy enum value set: [PrivateUser, SharedDevice]'],
  ])('refuses %s', async (query, member, constraint) => {
    expect(refusedRaw(await list(query))).toBe(invalid(member, constraint))
  })

  test.each(badMaxResults(200))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await list(`max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('pages through without gap or repeat while users come', async () => {
    const account = await givenAccount(tenant)
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.push(await givenUser(tenant, account))
    const first = await chime.listUsers({ AccountId: account, MaxResults: 2 })
    ids.push(await givenUser(tenant, account))
    const rest = await readPages(({ NextToken = first.NextToken }) =>
      chime.listUsers({ AccountId: account, MaxResults: 2, NextToken }),
    )
    const pages = [first, ...rest].map(({ Users }) => Users?.map(({ UserId }) => UserId))
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
  })

  test('shows 100 to a page unless told, and at most 200', async () => {
    const account = await givenAccount(tenant)
    await Promise.all(Array.from({ length: 101 }, () => givenUser(tenant, account)))
    const pages = await readPages((from) => chime.listUsers({ AccountId: account, ...from }))
    expect(pages.map(({ Users }) => Users?.length)).toEqual([100, 1])
    const { Users } = await chime.listUsers({ AccountId: account, MaxResults: 200 })
    expect(pages.flatMap((page) => page.Users)).toEqual(Users)
  })

  test('takes a token for the listing it was made for alone', async () => {
    const account = await givenAccount(tenant)
    await givenUser(tenant, account)
    await givenUser(tenant, account)
    const { NextToken } = await chime.listUsers({ AccountId: account, MaxResults: 1 })
    expect((await chime.listUsers({ AccountId: account, NextToken })).Users).toHaveLength(1)
    expect(await refused(chime.listUsers({ AccountId, NextToken }))).toBe(badToken)
    expect(await refused(chime.listUsers({ AccountId: account, NextToken, UserType: 'PrivateUser' }))).toBe(badToken)
    expect(await refused(chime.listUsers({ AccountId: account, NextToken, UserEmail: 'a@example.com' }))).toBe(badToken)
    expect(await refused(chime.listAccounts({ NextToken }))).toBe(badToken)
    for (const garbage of badTokens)
      expect(await refused(chime.listUsers({ AccountId, NextToken: garbage }))).toBe(badToken)
  })
})

describe('UpdateUser', () => {
  const update = (UserId: string, body: string) => post(`/${UserId}`, body)

  test('changes license, type and Alexa metadata, and answers the whole user', async () => {
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
  ])('changes nothing else: %s', async (body) => {
    const UserId = await givenUser(tenant, AccountId)
    const before = await getUser(UserId)
    expect((await update(UserId, body)).status).toBe(200)
    expect(await getUser(UserId)).toEqual(before)
  })

  test.each(['Plus', 'ProTrial'])(
    'refuses the license %s, which the account lacks, and changes nothing',
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
  ])('refuses %s', async (body, member, constraint) => {
    expect(refusedRaw(await update('u', body))).toBe(invalid(member, constraint))
  })
})

describe('BatchUpdateUser', () => {
  test('changes up to 20 users', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => givenUser(tenant, AccountId)))
    const items = ids.map((UserId) => ({ UserId, LicenseType: 'Basic' as const, UserType: 'SharedDevice' as const }))
    const { UserErrors, $metadata } = await chime.batchUpdateUser({ AccountId, UpdateUserRequestItems: items })
    expect([$metadata.httpStatusCode, UserErrors]).toEqual([200, []])
    for (const UserId of ids)
      expect(await getUser(UserId)).toMatchObject({ LicenseType: 'Basic', UserType: 'SharedDevice' })
    const tooMany = [...items, { UserId: 'u', LicenseType: 'Pro' as const }]
    expect(await refused(chime.batchUpdateUser({ AccountId, UpdateUserRequestItems: tooMany }))).toBe(
      invalid('UpdateUserRequestItems', 'have length less than or equal to 20'),
    )
    expect((await getUser(ids[0] ?? ''))?.LicenseType).toBe('Basic')
  })

  test('answers an empty list of errors, not none', async () => {
    const body = JSON.stringify({ UpdateUserRequestItems: [{ UserId: await givenUser(tenant, AccountId) }] })
    const answer = await post('', body)
    expect([answer.status, answer.body]).toEqual([200, '{"UserErrors":[]}'])
  })

  test('tells of each user what went wrong, and changes the others', async () => {
    const [first, second] = [await givenUser(tenant, AccountId), await givenUser(tenant, AccountId)]
    const foreign = await givenUser(tenant, await givenAccount(tenant))
    const { UserErrors } = await chime.batchUpdateUser({
      AccountId,
      UpdateUserRequestItems: [
        { UserId: '__proto__', LicenseType: 'Basic' },
        { UserId: first, LicenseType: 'Basic' },
        { UserId: foreign, LicenseType: 'Basic' },
        { UserId: second, LicenseType: 'Plus', UserType: 'SharedDevice' },
      ],
    })
    expect(UserErrors).toEqual([
      notFoundItem('__proto__'),
      notFoundItem(foreign),
      { UserId: second, ErrorCode: 'BadRequest', ErrorMessage: unsupportedLicense },
    ])
    expect((await getUser(first))?.LicenseType).toBe('Basic')
    expect(await getUser(second)).toMatchObject({ LicenseType: 'Pro', UserType: 'PrivateUser' })
  })

  test('applies what is said of one user in order', async () => {
    const UserId = await givenUser(tenant, AccountId)
    const licenses = ['Basic', 'Plus', 'Pro', 'Basic'] as const
    const items = licenses.map((LicenseType) => ({ UserId, LicenseType }))
    const { UserErrors } = await chime.batchUpdateUser({ AccountId, UpdateUserRequestItems: items })
    expect(UserErrors?.map(({ ErrorCode }) => ErrorCode)).toEqual(['BadRequest'])
    expect((await getUser(UserId))?.LicenseType).toBe('Basic')
  })

  test.each([
    ['{}', 'UpdateUserRequestItems', 'not be null'],
    ['{"UpdateUserRequestItems":[]}', 'UpdateUserRequestItems', 'have length greater than or equal to 1'],
    ['{"UpdateUserRequestItems":{}}', 'UpdateUserRequestItems', 'be a list'],
    ['{"UpdateUserRequestItems":[null]}', 'UpdateUserRequestItems[0]', 'not be null'],
    ['{"UpdateUserRequestItems":[{"UserId":"u"},{}]}', 'UpdateUserRequestItems[1].UserId', 'not be null'],
    ['{"UpdateUserRequestItems":[{"UserId":" "}]}', 'UpdateUserRequestItems[0].UserId', blank],
    ['{"UpdateUserRequestItems":[{"UserId":"a\\u0000"}]}', 'UpdateUserRequestItems[0].UserId', broken],
    ['{"UpdateUserRequestItems":[{"UserId":"\\udfff"}]}', 'UpdateUserRequestItems[0].UserId', broken],
    [
      '{"UpdateUserRequestItems":[{"UserId":"u","LicenseType":"Gold"}]}',
      'UpdateUserRequestItems[0].LicenseType',
      'satisfy enum value set: [Basic, Plus, Pro, ProTrial]',
    ],
  ])('refuses the whole of %s', async (body, member, constraint) => {
    expect(refusedRaw(await post('', body))).toBe(invalid(member, constraint))
  })
})

describe.each(['suspend', 'unsuspend'])('the list of ?operation=%s', (operation) => {
  test.each([
    ['{}', 'UserIdList', 'not be null'],
    ['{"UserIdList":[]}', 'UserIdList', 'have length greater than or equal to 1'],
    ['{"UserIdList":"u"}', 'UserIdList', 'be a list'],
    [JSON.stringify({ UserIdList: Array(51).fill('u') }), 'UserIdList', 'have length less than or equal to 50'],
    ['{"UserIdList":["u",null]}', 'UserIdList[1]', 'not be null'],
    ['{"UserIdList":[""]}', 'UserIdList[0]', blank],
    ['{"UserIdList":["a\\u0000"]}', 'UserIdList[0]', broken],
  ])('refuses %.40s', async (body, member, constraint) => {
    expect(refusedRaw(await post(`?operation=${operation}`, body))).toBe(invalid(member, constraint))
  })
})

describe('BatchSuspendUser', () => {
  const suspend = (UserIdList: string[], account = AccountId) =>
    chime.batchSuspendUser({ AccountId: account, UserIdList })

  test('suspends up to 50 users, of which it is silent', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => givenUser(tenant, AccountId)))
    const before = await getUser(ids[0] ?? '')
    const { UserErrors, $metadata } = await suspend(ids)
    expect([$metadata.httpStatusCode, UserErrors]).toEqual([200, []])
    for (const UserId of ids) expect(await statusOf(UserId)).toBe('Suspended')
    expect(await getUser(ids[0] ?? '')).toEqual({ ...before, UserRegistrationStatus: 'Suspended' })
  })

  test('names the users it cannot find, and suspends the others', async () => {
    const UserId = await givenUser(tenant, AccountId)
    const foreign = await givenUser(tenant, await givenAccount(tenant))
    const body = JSON.stringify({ UserIdList: [foreign, UserId, '__proto__'] })
    const answer = await post('?operation=suspend', body)
    const item = (id: string) =>
      `{"ErrorCode":"NotFound","ErrorMessage":"Could not find User with Id '${id}'","UserId":"${id}"}`
    expect([answer.status, answer.body]).toEqual([200, `{"UserErrors":[${item(foreign)},${item('__proto__')}]}`])
    expect(await statusOf(UserId)).toBe('Suspended')
  })

  test('passes over those who are suspended already, also within a call', async () => {
    const UserId = await givenUser(tenant, AccountId)
    expect((await suspend([UserId, UserId])).UserErrors).toEqual([])
    expect((await suspend([UserId])).UserErrors).toEqual([])
  })

  test('on a Team account frees the number', async () => {
    const { E164PhoneNumber, ...user } = await givenAssignable(belfry, tenant)
    await chime.associatePhoneNumberWithUser({ ...user, E164PhoneNumber })
    await suspend([user.UserId], user.AccountId)
    expect((await getUser(user.UserId, user.AccountId))?.PrimaryProvisionedNumber).toBeUndefined()
    const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId: E164PhoneNumber })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', Associations: [] })
  })

  test('on an account with Login with Amazon leaves the number, and all comes back', async () => {
    const { E164PhoneNumber, ...user } = await givenAssignable(belfry, tenant)
    await changeAccount(belfry, user.AccountId, { account_type: 'EnterpriseLWA' })
    await chime.associatePhoneNumberWithUser({ ...user, E164PhoneNumber })
    const before = await getUser(user.UserId, user.AccountId)
    await suspend([user.UserId], user.AccountId)
    expect(await getUser(user.UserId, user.AccountId)).toEqual({ ...before, UserRegistrationStatus: 'Suspended' })
    await chime.batchUnsuspendUser({ AccountId: user.AccountId, UserIdList: [user.UserId] })
    expect(await getUser(user.UserId, user.AccountId)).toEqual(before)
  })

  test('is not for directories', async () => {
    const account = await givenAccountOf('EnterpriseDirectory')
    const UserId = await givenUser(tenant, account)
    expect(await refused(suspend([UserId], account))).toBe(unsupported('EnterpriseDirectory'))
    expect(await statusOf(UserId, account)).toBe('Registered')
  })
})

describe('BatchUnsuspendUser', () => {
  const unsuspend = (UserIdList: string[], account: string) =>
    chime.batchUnsuspendUser({ AccountId: account, UserIdList })

  test('registers the suspended again, passes over the others, and names the unknown', async () => {
    const account = await givenAccountOf('EnterpriseLWA')
    const ids = await Promise.all(Array.from({ length: 48 }, () => givenUser(tenant, account)))
    const active = await givenUser(tenant, account)
    await chime.batchSuspendUser({ AccountId: account, UserIdList: ids })
    const { UserErrors, $metadata } = await unsuspend([...ids, active, 'nobody'], account)
    expect([$metadata.httpStatusCode, UserErrors]).toEqual([200, [notFoundItem('nobody')]])
    for (const UserId of [...ids, active]) expect(await statusOf(UserId, account)).toBe('Registered')
    expect((await unsuspend([active], account)).UserErrors).toEqual([])
  })

  test('is not for Team accounts, nor for directories', async () => {
    const UserId = await givenUser(tenant, AccountId)
    await chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    expect(await refused(unsuspend([UserId], AccountId))).toBe(unsupported('Team'))
    expect(await statusOf(UserId)).toBe('Suspended')
    const directory = await givenAccountOf('EnterpriseDirectory')
    expect(await refused(unsuspend([UserId], directory))).toBe(unsupported('EnterpriseDirectory'))
  })
})

describe('GetUserSettings and UpdateUserSettings', () => {
  const put = (UserId: string, body: string) =>
    sendSigned(belfry.url, tenant, { method: 'PUT', path: `/accounts/${AccountId}/users/${UserId}/settings`, body })

  test('all permissions are off at first', async () => {
    const path = `/accounts/${AccountId}/users/${await givenUser(tenant, AccountId)}/settings`
    const { status, body } = await sendSigned(belfry.url, tenant, { path })
    const expected = '{"UserSettings":{"Telephony":{"InboundCalling":false,"OutboundCalling":false,"SMS":false}}}'
    expect([status, body]).toEqual([200, expected])
  })

  test.each([
    { InboundCalling: true, OutboundCalling: false, SMS: false },
    { InboundCalling: false, OutboundCalling: true, SMS: false },
    { InboundCalling: false, OutboundCalling: false, SMS: true },
  ])('an update replaces all three, for a user without a number too: %j', async (Telephony) => {
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
  ])('an update is refused: %s', async (body, member, constraint) => {
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

describe.each([...reads, ...writes, ...accountReads, ...accountWrites])('%s finds no account', (_, call) => {
  test('of another AWS account', async () => {
    const user = { AccountId, UserId: await givenUser(tenant, AccountId) }
    const before = await chime.getUser(user)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(call(stranger, user))).toBe(notFound('Account', AccountId))
    expect((await chime.getUser(user)).User).toEqual(before.User)
  })

  test('by a hostile id', async () => {
    for (const id of hostileIds)
      expect(await refused(call(chime, { AccountId: id, UserId: 'u' }))).toBe(notFound('Account', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, { AccountId: id, UserId: 'u' }))).toBe(invalid('AccountId', constraint))
  })
})

describe.each([...reads, ...writes])('%s finds no user', (_, call) => {
  test('of another account', async () => {
    const UserId = await givenUser(tenant, await givenAccount(tenant))
    expect(await refused(call(chime, { AccountId, UserId }))).toBe(notFound('User', UserId))
  })

  test('by a hostile id', async () => {
    for (const id of hostileIds)
      expect(await refused(call(chime, { AccountId, UserId: id }))).toBe(notFound('User', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, { AccountId, UserId: id }))).toBe(invalid('UserId', constraint))
  })
})

test.each(['/users/', '/users/%20', '/users//settings'])('a blank user: %s', async (path) => {
  const answer = await sendSigned(belfry.url, tenant, { path: `/accounts/${AccountId}${path}` })
  expect(refusedRaw(answer)).toBe(invalid('UserId', blank))
})

test.each([...writes, ...accountWrites])('%s is refused on a suspended account', async (_, call) => {
  const account = await givenAccountOf('EnterpriseLWA')
  const user = { AccountId: account, UserId: await givenUser(tenant, account) }
  const before = await chime.getUser(user)
  await changeAccount(belfry, account, { account_status: 'Suspended' })
  expect(await refused(call(chime, user))).toBe(accountSuspended)
  expect(await refused(call(chime, { ...user, UserId: 'nobody' }))).toBe(accountSuspended)
  expect((await chime.getUser(user)).User).toEqual(before.User)
  expect((await chime.listUsers(user)).Users).toHaveLength(1)
  expect((await chime.getUserSettings(user)).UserSettings?.Telephony?.SMS).toBe(false)
})
