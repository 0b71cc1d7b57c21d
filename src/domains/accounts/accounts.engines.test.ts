/** Accounts, through the HTTP API. */
import type { Chime } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badRequest,
  changeAccount,
  givenAccount,
  givenUser,
  hostileIds,
  impossibleIds,
  invalid,
  newEmail,
  notFound,
  refused,
  refusedRaw,
  uuid,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

const emoji = '\u{1F600}'

/** Bodies with an invalid `Name`. */
const badNames: [string, string, string][] = [
  ['a number', '{"Name":1}', 'be a string'],
  ['a list', '{"Name":["Example"]}', 'be a string'],
  ['blank', '{"Name":" \\t\\n"}', String.raw`satisfy regular expression pattern: .*\S.*`],
  ['101 letters long', JSON.stringify({ Name: 'x'.repeat(101) }), 'have length less than or equal to 100'],
  ['101 emoji long', JSON.stringify({ Name: emoji.repeat(101) }), 'have length less than or equal to 100'],
  ['very long', JSON.stringify({ Name: 'x'.repeat(500_000) }), 'have length less than or equal to 100'],
  ['a text with NUL', '{"Name":"a\\u0000b"}', 'be well-formed Unicode without NUL'],
  ['a lone high surrogate', '{"Name":"\\ud800"}', 'be well-formed Unicode without NUL'],
  ['a text with a lone low surrogate', '{"Name":"a\\udc00b"}', 'be well-formed Unicode without NUL'],
]

const goodNames = [
  'x',
  'x'.repeat(100),
  emoji.repeat(100),
  ' Example ',
  "'; DROP TABLE accounts; --",
  String.raw`%_\%`,
  '__proto__',
  '{"a":[null]}',
  'Ünïcödé ‮',
]

describe('CreateAccount', () => {
  test('makes a Team account with the published defaults', async () => {
    const { Account, $metadata } = await chime.createAccount({ Name: 'Example' })
    expect($metadata.httpStatusCode).toBe(201)
    expect(Account).toEqual({
      AwsAccountId: tenant.awsAccountId,
      AccountId: expect.stringMatching(uuid),
      Name: 'Example',
      AccountType: 'Team',
      AccountStatus: 'Active',
      CreatedTimestamp: expect.any(Date),
      DefaultLicense: 'Pro',
      SupportedLicenses: ['Basic', 'Pro'],
      SigninDelegateGroups: [],
    })
    expect(Math.abs(Number(Account?.CreatedTimestamp) - Number(tenant.now()))).toBeLessThan(5_000)
  })

  test('answers compact JSON in alphabetical order', async () => {
    const answer = await sendSigned(belfry.url, tenant, { method: 'POST', path: '/accounts', body: '{"Name":"Ä"}' })
    const { AccountId, CreatedTimestamp } = answer.json['Account'] as Record<string, unknown>
    expect(CreatedTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const AwsAccountId = tenant.awsAccountId
    expect(answer.body).toBe(
      `{"Account":{"AccountId":"${AccountId}","AccountStatus":"Active","AccountType":"Team","AwsAccountId":"${AwsAccountId}","CreatedTimestamp":"${CreatedTimestamp}","DefaultLicense":"Pro","Name":"Ä","SigninDelegateGroups":[],"SupportedLicenses":["Basic","Pro"]}}`,
    )
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(answer.body)),
      'x-amzn-requestid': expect.stringMatching(uuid),
    })
  })

  test('makes two accounts with the same name', async () => {
    expect(await givenAccount(tenant, 'Twin')).not.toBe(await givenAccount(tenant, 'Twin'))
  })

  test.each(goodNames)('keeps the name as it is: %j', async (Name) => {
    const AccountId = await givenAccount(tenant, Name)
    expect((await chime.getAccount({ AccountId })).Account?.Name).toBe(Name)
  })

  test.each([
    ...badNames,
    ['missing', '{}', 'not be null'],
    ['null', '{"Name":null}', 'not be null'],
    ['only in the prototype', '{"__proto__":{"Name":"Example"}}', 'not be null'],
  ])('refuses a name that is %s', async (_, body, constraint) => {
    const answer = await sendSigned(belfry.url, tenant, { method: 'POST', path: '/accounts', body })
    expect(refusedRaw(answer)).toBe(invalid('Name', constraint))
  })

  test('refuses an empty name', async () => {
    expect(await refused(chime.createAccount({ Name: '' }))).toMatch(/^400 BadRequestException BadRequest: .*'Name'/)
  })
})

describe('GetAccount', () => {
  test('shows the account as it was created', async () => {
    const { Account } = await chime.createAccount({ Name: 'Example' })
    const found = await chime.getAccount({ AccountId: Account?.AccountId })
    expect(found.$metadata.httpStatusCode).toBe(200)
    expect(found.Account).toEqual(Account)
  })
})

describe('UpdateAccount', () => {
  test('changes the name, the default license, or both', async () => {
    const { Account } = await chime.createAccount({ Name: 'Before' })
    const AccountId = Account?.AccountId
    const renamed = await chime.updateAccount({ AccountId, Name: 'After' })
    expect(renamed.$metadata.httpStatusCode).toBe(200)
    expect(renamed.Account).toEqual({ ...Account, Name: 'After' })
    const licensed = await chime.updateAccount({ AccountId, DefaultLicense: 'Basic' })
    expect(licensed.Account).toEqual({ ...Account, Name: 'After', DefaultLicense: 'Basic' })
    const both = await chime.updateAccount({ AccountId, Name: 'Before', DefaultLicense: 'Pro' })
    expect(both.Account).toEqual(Account)
    expect((await chime.getAccount({ AccountId })).Account).toEqual(Account)
  })

  test.each([
    '{}',
    '{"Name":null,"DefaultLicense":null}',
    '{"AccountType":"EnterpriseLWA","AccountStatus":"Suspended"}',
  ])('changes nothing for the body %s', async (body) => {
    const { Account } = await chime.createAccount({ Name: 'Example' })
    const path = `/accounts/${Account?.AccountId}`
    const { status } = await sendSigned(belfry.url, tenant, { method: 'POST', path, body })
    expect(status).toBe(200)
    expect((await chime.getAccount({ AccountId: Account?.AccountId })).Account).toEqual(Account)
  })

  test('gives the new default license to users added from then on', async () => {
    const AccountId = await givenAccount(tenant)
    const before = await givenUser(tenant, AccountId)
    await chime.updateAccount({ AccountId, DefaultLicense: 'Basic' })
    const after = await givenUser(tenant, AccountId)
    const UserEmail = newEmail()
    await chime.inviteUsers({ AccountId, UserEmailList: [UserEmail] })
    expect((await chime.getUser({ AccountId, UserId: before })).User?.LicenseType).toBe('Pro')
    expect((await chime.getUser({ AccountId, UserId: after })).User?.LicenseType).toBe('Basic')
    expect((await chime.listUsers({ AccountId, UserEmail })).Users?.[0]?.LicenseType).toBe('Basic')
  })

  test.each(['Plus', 'ProTrial'] as const)(
    'refuses the license %s, which the account does not support',
    async (DefaultLicense) => {
      const { Account } = await chime.createAccount({ Name: 'Example' })
      const AccountId = Account?.AccountId
      const message = 'The account supports the licenses Basic, Pro'
      expect(await refused(chime.updateAccount({ AccountId, Name: 'New', DefaultLicense }))).toBe(badRequest(message))
      expect((await chime.getAccount({ AccountId })).Account).toEqual(Account)
    },
  )

  test.each(['Gold', 'pro', '', '__proto__'])('refuses the unknown license %j', async (license) => {
    const AccountId = await givenAccount(tenant)
    expect(await refused(chime.updateAccount({ AccountId, DefaultLicense: license as 'Pro' }))).toBe(
      invalid('DefaultLicense', 'satisfy enum value set: [Basic, Plus, Pro, ProTrial]'),
    )
  })

  test('accepts any name that CreateAccount accepts', async () => {
    const AccountId = await givenAccount(tenant)
    for (const Name of goodNames) expect((await chime.updateAccount({ AccountId, Name })).Account?.Name).toBe(Name)
  })

  test.each(badNames)('refuses a name that is %s', async (_, body, constraint) => {
    const path = `/accounts/${await givenAccount(tenant)}`
    expect(refusedRaw(await sendSigned(belfry.url, tenant, { method: 'POST', path, body }))).toBe(
      invalid('Name', constraint),
    )
  })

  test('counts the validation errors in its message', async () => {
    const body = '{"Name":1,"DefaultLicense":"Gold"}'
    const answer = await sendSigned(belfry.url, tenant, { method: 'POST', path: '/accounts/a', body })
    expect(refusedRaw(answer)).toContain('400 BadRequestException BadRequest: 2 validation errors detected: ')
  })
})

const operations: [string, (chime: Chime, AccountId: string) => Promise<unknown>][] = [
  ['GetAccount', (caller, AccountId) => caller.getAccount({ AccountId })],
  ['UpdateAccount', (caller, AccountId) => caller.updateAccount({ AccountId, Name: 'New' })],
  ['DeleteAccount', (caller, AccountId) => caller.deleteAccount({ AccountId })],
  ['GetAccountSettings', (caller, AccountId) => caller.getAccountSettings({ AccountId })],
  ['UpdateAccountSettings', (caller, AccountId) => caller.updateAccountSettings({ AccountId, AccountSettings: {} })],
]

describe.each(operations)('%s', (_, call) => {
  test('does not find an account of another AWS account', async () => {
    const AccountId = await givenAccount(tenant)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(call(stranger, AccountId))).toBe(notFound('Account', AccountId))
    expect((await chime.getAccount({ AccountId })).Account?.Name).toBe('Example')
  })

  test('does not find an account by a hostile id', async () => {
    for (const id of hostileIds) expect(await refused(call(chime, id))).toBe(notFound('Account', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, id))).toBe(invalid('AccountId', constraint))
  })
})

test.each(['/accounts/', '/accounts/%20', '/accounts/%09%0A', '/accounts//settings'])(
  'the path %s is refused because its id is blank',
  async (path) => {
    expect(refusedRaw(await sendSigned(belfry.url, tenant, { path }))).toBe(
      invalid('AccountId', String.raw`satisfy regular expression pattern: .*\S.*`),
    )
  },
)

test('an id that is not UTF-8 is refused', async () => {
  expect(refusedRaw(await sendSigned(belfry.url, tenant, { path: '/accounts/%ED%A0%80' }))).toBe(
    badRequest('The path of the request is not valid percent-encoded UTF-8'),
  )
})

test('a suspended account can be read and deleted, but not changed', async () => {
  const AccountId = await givenAccount(tenant)
  await changeAccount(belfry, AccountId, { account_status: 'Suspended' })
  expect(await refused(chime.updateAccount({ AccountId, Name: 'New' }))).toBe(accountSuspended)
  const AccountSettings = { EnableDialOut: true }
  expect(await refused(chime.updateAccountSettings({ AccountId, AccountSettings }))).toBe(accountSuspended)
  const { Account } = await chime.getAccount({ AccountId })
  expect(Account).toMatchObject({ Name: 'Example', AccountStatus: 'Suspended' })
  expect((await chime.getAccountSettings({ AccountId })).AccountSettings?.EnableDialOut).toBe(false)
  await chime.deleteAccount({ AccountId })
})
