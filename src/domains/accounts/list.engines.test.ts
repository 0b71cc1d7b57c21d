/** Listing accounts. */
import { describe, expect, test } from 'vitest'
import { type Tenant, createClient, startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badRequest,
  badToken,
  badTokens,
  givenAccount,
  givenUser,
  invalid,
  newEmail,
  readPages,
  refused,
  refusedRaw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

describe('ListAccounts', () => {
  const namesOf = async (caller: Tenant, filter: { Name?: string; UserEmail?: string } = {}) =>
    (await caller.chime.listAccounts(filter)).Accounts?.map(({ Name }) => Name)
  const list = (query: string, caller = tenant) => sendSigned(belfry.url, caller, { path: `/accounts?${query}` })

  test('lists complete accounts in the order of their creation', async () => {
    const owner = await belfry.tenant()
    const made = []
    for (const Name of ['b', 'a', 'c']) made.push((await owner.chime.createAccount({ Name })).Account)
    const { Accounts, NextToken } = await owner.chime.listAccounts()
    expect(Accounts).toEqual(made)
    expect(NextToken).toBeUndefined()
  })

  test('answers an empty list with explicit nulls', async () => {
    const { status, body } = await list('', await belfry.tenant())
    expect([status, body]).toEqual([200, '{"Accounts":[],"NextToken":null}'])
  })

  test.each([
    ['Alp', ['Alpha', 'ALPINE']],
    ['aLPI', ['ALPINE']],
    ['alpha', ['Alpha']],
    ['alphabet', []],
    ['lpha', []],
    ['100%', ['100% sure']],
    ['100_', ['100_1']],
    ['1', ['100% sure', '100_1', '1001']],
    ['%', []],
    ['_', []],
    ["o'", ["O'Neil"]],
    ["' OR '1'='1", []],
    ['a\\', [String.raw`a\b`]],
    ['😀', ['😀 party']],
    ['éco', ['École']],
    ['ÉCOLE', ['École']],
  ])('filters by the beginning of the name: %j', async (Name, expected) => {
    const owner = await belfry.tenant()
    const names = ['Alpha', 'ALPINE', '100% sure', '100_1', '1001', "O'Neil", String.raw`a\b`, '😀 party', 'École']
    for (const name of names) await givenAccount(owner, name)
    expect(await namesOf(owner, { Name })).toEqual(expected)
  })

  test('filters by the full address of a user, in upper or lower case', async () => {
    const owner = await belfry.tenant()
    await givenAccount(owner, 'Other')
    const UserEmail = newEmail()
    await givenUser(owner, await givenAccount(owner, 'Home'), UserEmail)
    expect(await namesOf(owner, { UserEmail })).toEqual(['Home'])
    expect(await namesOf(owner, { UserEmail: UserEmail.toUpperCase() })).toEqual(['Home'])
    expect(await namesOf(owner, { UserEmail: UserEmail.slice(1) })).toEqual([])
    expect(await namesOf(owner, { UserEmail, Name: 'ho' })).toEqual(['Home'])
    expect(await namesOf(owner, { UserEmail, Name: 'ot' })).toEqual([])
    expect(await namesOf(await belfry.tenant(), { UserEmail })).toEqual([])
  })

  test('leaves out deleted accounts, even if their users are searched for', async () => {
    const owner = await belfry.tenant()
    const AccountId = await givenAccount(owner, 'Gone')
    const UserEmail = newEmail()
    const UserId = await givenUser(owner, AccountId, UserEmail)
    await owner.chime.batchSuspendUser({ AccountId, UserIdList: [UserId] })
    await owner.chime.deleteAccount({ AccountId })
    expect(await namesOf(owner)).toEqual([])
    expect(await namesOf(owner, { UserEmail })).toEqual([])
    expect(await namesOf(owner, { Name: 'Gone' })).toEqual([])
  })

  test.each([
    ['user-email=nobody', 'UserEmail'],
    ['user-email=a@b', 'UserEmail'],
    ['user-email=@example.com', 'UserEmail'],
    ['user-email=', 'UserEmail'],
    ['user-email=a%00@example.com', 'UserEmail'],
    ['name=%20', 'Name'],
    ['name=', 'Name'],
    [`name=${'x'.repeat(101)}`, 'Name'],
    ['name=a%00', 'Name'],
  ])('refuses the query %s', async (query, member) => {
    expect(refusedRaw(await list(query))).toMatch(
      new RegExp(`^400 BadRequestException BadRequest: \\d validation errors? detected: Value at '${member}' failed`),
    )
  })

  test('refuses a query parameter that is sent twice', async () => {
    expect(refusedRaw(await list('max-results=1&max-results=2'))).toBe(
      badRequest("Query parameter 'max-results' was sent more than once"),
    )
  })

  test.each(badMaxResults(200))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await list(`max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('pages without gaps or repeats while accounts are created and deleted', async () => {
    const owner = await belfry.tenant()
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.push(await givenAccount(owner, `Example ${index}`))
    const first = await owner.chime.listAccounts({ MaxResults: 2 })
    await owner.chime.deleteAccount({ AccountId: ids[1] })
    ids.push(await givenAccount(owner, 'Latecomer'))
    const rest = await readPages(({ NextToken = first.NextToken }) =>
      owner.chime.listAccounts({ MaxResults: 2, NextToken }),
    )
    const pages = [first, ...rest].map(({ Accounts }) => Accounts?.map(({ AccountId }) => AccountId))
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4, 6)])
    expect((await owner.chime.listAccounts({ MaxResults: 2, NextToken: first.NextToken })).Accounts).toEqual(
      rest[0]?.Accounts,
    )
  })

  test('shows 100 accounts on a page by default, and at most 200', async () => {
    const owner = await belfry.tenant()
    await Promise.all(Array.from({ length: 101 }, () => givenAccount(owner)))
    const pages = await readPages((from) => owner.chime.listAccounts(from))
    expect(pages.map(({ Accounts }) => Accounts?.length)).toEqual([100, 1])
    const { Accounts = [], NextToken } = await owner.chime.listAccounts({ MaxResults: 200 })
    expect(pages.flatMap((page) => page.Accounts)).toEqual(Accounts)
    expect(Accounts).toHaveLength(101)
    expect(NextToken).toBeUndefined()
  })

  test('accepts a token only for the listing it was made for, on any server of the database', async () => {
    const owner = await belfry.tenant()
    const AccountId = await givenAccount(owner)
    await givenAccount(owner)
    const { NextToken } = await owner.chime.listAccounts({ MaxResults: 1 })
    expect(NextToken).toEqual(expect.any(String))
    expect(await refused(chime.listAccounts({ NextToken }))).toBe(badToken)
    expect(await refused(owner.chime.listAccounts({ NextToken, Name: 'E' }))).toBe(badToken)
    expect(await refused(owner.chime.listAccounts({ NextToken, UserEmail: 'a@example.com' }))).toBe(badToken)
    expect(await refused(owner.chime.listUsers({ NextToken, AccountId }))).toBe(badToken)
    const another = await startBelfry({ DATABASE: belfry.databaseUrl })
    const client = createClient(another.url, owner.credentials)
    expect((await client.listAccounts({ NextToken })).Accounts).toHaveLength(1)
  })

  test('refuses malformed tokens', async () => {
    for (const NextToken of badTokens) expect(await refused(chime.listAccounts({ NextToken }))).toBe(badToken)
  })

  test('refuses an empty token, a changed token and a token that is too long', async () => {
    const owner = await belfry.tenant()
    await givenAccount(owner)
    await givenAccount(owner)
    const { NextToken = '' } = await owner.chime.listAccounts({ MaxResults: 1 })
    const [mark] = JSON.parse(Buffer.from(NextToken, 'base64url').toString()) as string[]
    const forged = Buffer.from(JSON.stringify([mark, '', ''])).toString('base64url')
    expect(await refused(owner.chime.listAccounts({ NextToken: forged }))).toBe(badToken)
    expect(refusedRaw(await list('next-token='))).toBe(badToken)
    expect(await refused(chime.listAccounts({ NextToken: 'x'.repeat(8193) }))).toBe(
      invalid('NextToken', 'have length less than or equal to 8192'),
    )
  })
})
