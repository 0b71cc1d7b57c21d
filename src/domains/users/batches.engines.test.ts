/** Operations on many users at once. */
import type { User } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  badRequest,
  blank,
  broken,
  changeAccount,
  givenAccount,
  givenAccountOf,
  givenAssignable,
  givenUser,
  invalid,
  refused,
  refusedRaw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()
/** An account for tests that do not need one of their own. */
const AccountId = await givenAccount(tenant)

const unsupported = (type: string) => badRequest(`Accounts of type ${type} do not support this operation`)
const unsupportedLicense = 'The account supports the licenses Basic, Pro'

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

  test('answers an empty list of errors rather than null', async () => {
    const body = JSON.stringify({ UpdateUserRequestItems: [{ UserId: await givenUser(tenant, AccountId) }] })
    const answer = await post('', body)
    expect([answer.status, answer.body]).toEqual([200, '{"UserErrors":[]}'])
  })

  test('reports an error for each user that it cannot change, and changes the others', async () => {
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

  test('applies several items for the same user in order', async () => {
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
  ])('refuses the whole request %s', async (body, member, constraint) => {
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
  ])('refuses the body %s', async (body, member, constraint) => {
    expect(refusedRaw(await post(`?operation=${operation}`, body))).toBe(invalid(member, constraint))
  })
})

describe('BatchSuspendUser', () => {
  const suspend = (UserIdList: string[], account = AccountId) =>
    chime.batchSuspendUser({ AccountId: account, UserIdList })

  test('suspends up to 50 users, and answers an empty list of errors', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => givenUser(tenant, AccountId)))
    const before = await getUser(ids[0] ?? '')
    const { UserErrors, $metadata } = await suspend(ids)
    expect([$metadata.httpStatusCode, UserErrors]).toEqual([200, []])
    for (const UserId of ids) expect(await statusOf(UserId)).toBe('Suspended')
    expect(await getUser(ids[0] ?? '')).toEqual({ ...before, UserRegistrationStatus: 'Suspended' })
  })

  test('reports the users that it cannot find, and suspends the others', async () => {
    const UserId = await givenUser(tenant, AccountId)
    const foreign = await givenUser(tenant, await givenAccount(tenant))
    const body = JSON.stringify({ UserIdList: [foreign, UserId, '__proto__'] })
    const answer = await post('?operation=suspend', body)
    const item = (id: string) =>
      `{"ErrorCode":"NotFound","ErrorMessage":"Could not find User with Id '${id}'","UserId":"${id}"}`
    expect([answer.status, answer.body]).toEqual([200, `{"UserErrors":[${item(foreign)},${item('__proto__')}]}`])
    expect(await statusOf(UserId)).toBe('Suspended')
  })

  test('skips users that are suspended already, also within a request', async () => {
    const UserId = await givenUser(tenant, AccountId)
    expect((await suspend([UserId, UserId])).UserErrors).toEqual([])
    expect((await suspend([UserId])).UserErrors).toEqual([])
  })

  test('frees the number of a user of a Team account', async () => {
    const { E164PhoneNumber, ...user } = await givenAssignable(belfry, tenant)
    await chime.associatePhoneNumberWithUser({ ...user, E164PhoneNumber })
    await suspend([user.UserId], user.AccountId)
    expect((await getUser(user.UserId, user.AccountId))?.PrimaryProvisionedNumber).toBeUndefined()
    const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId: E164PhoneNumber })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', Associations: [] })
  })

  test('keeps the number of a user of an EnterpriseLWA account, which BatchUnsuspendUser brings back unchanged', async () => {
    const { E164PhoneNumber, ...user } = await givenAssignable(belfry, tenant)
    await changeAccount(belfry, user.AccountId, { account_type: 'EnterpriseLWA' })
    await chime.associatePhoneNumberWithUser({ ...user, E164PhoneNumber })
    const before = await getUser(user.UserId, user.AccountId)
    await suspend([user.UserId], user.AccountId)
    expect(await getUser(user.UserId, user.AccountId)).toEqual({ ...before, UserRegistrationStatus: 'Suspended' })
    await chime.batchUnsuspendUser({ AccountId: user.AccountId, UserIdList: [user.UserId] })
    expect(await getUser(user.UserId, user.AccountId)).toEqual(before)
  })

  test('refuses directory accounts', async () => {
    const account = await givenAccountOf(belfry, tenant, 'EnterpriseDirectory')
    const UserId = await givenUser(tenant, account)
    expect(await refused(suspend([UserId], account))).toBe(unsupported('EnterpriseDirectory'))
    expect(await statusOf(UserId, account)).toBe('Registered')
  })
})

describe('BatchUnsuspendUser', () => {
  const unsuspend = (UserIdList: string[], account: string) =>
    chime.batchUnsuspendUser({ AccountId: account, UserIdList })

  test('registers suspended users again, skips the others, and reports unknown users', async () => {
    const account = await givenAccountOf(belfry, tenant, 'EnterpriseLWA')
    const ids = await Promise.all(Array.from({ length: 48 }, () => givenUser(tenant, account)))
    const active = await givenUser(tenant, account)
    await chime.batchSuspendUser({ AccountId: account, UserIdList: ids })
    const { UserErrors, $metadata } = await unsuspend([...ids, active, 'nobody'], account)
    expect([$metadata.httpStatusCode, UserErrors]).toEqual([200, [notFoundItem('nobody')]])
    for (const UserId of [...ids, active]) expect(await statusOf(UserId, account)).toBe('Registered')
    expect((await unsuspend([active], account)).UserErrors).toEqual([])
  })

  test('refuses Team accounts and directory accounts', async () => {
    const UserId = await givenUser(tenant, AccountId)
    await chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    expect(await refused(unsuspend([UserId], AccountId))).toBe(unsupported('Team'))
    expect(await statusOf(UserId)).toBe('Suspended')
    const directory = await givenAccountOf(belfry, tenant, 'EnterpriseDirectory')
    expect(await refused(unsuspend([UserId], directory))).toBe(unsupported('EnterpriseDirectory'))
  })
})
