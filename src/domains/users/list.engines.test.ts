/** Listing users. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badToken,
  badTokens,
  givenAccount,
  givenUser,
  invalid,
  malformed,
  newEmail,
  readPages,
  refused,
  refusedRaw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()
/** An account for tests that do not need one of their own. */
const AccountId = await givenAccount(tenant)

describe('ListUsers', () => {
  const list = (query: string) => sendSigned(belfry.url, tenant, { path: `/accounts/${AccountId}/users?${query}` })

  test('lists and filters all users in the order of their creation, including invited and suspended users', async () => {
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
  ])('refuses the query %s', async (query, member, constraint) => {
    expect(refusedRaw(await list(query))).toBe(invalid(member, constraint))
  })

  test.each(badMaxResults(200))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await list(`max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('pages without gaps or repeats while users are created', async () => {
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

  test('shows 100 users on a page by default, and at most 200', async () => {
    const account = await givenAccount(tenant)
    await Promise.all(Array.from({ length: 101 }, () => givenUser(tenant, account)))
    const pages = await readPages((from) => chime.listUsers({ AccountId: account, ...from }))
    expect(pages.map(({ Users }) => Users?.length)).toEqual([100, 1])
    const { Users } = await chime.listUsers({ AccountId: account, MaxResults: 200 })
    expect(pages.flatMap((page) => page.Users)).toEqual(Users)
  })

  test('accepts a token only for the listing it was made for', async () => {
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
