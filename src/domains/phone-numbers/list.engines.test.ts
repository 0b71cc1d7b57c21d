/** Listing the inventory. */
import { type Chime, type PhoneNumber, PhoneNumberStatus } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badRequest,
  badToken,
  badTokens,
  completeOrders,
  givenAssignable,
  givenNumber,
  givenNumbers,
  hostileIds,
  invalid,
  readPages,
  refused,
  refusedRaw,
  withdraw,
  order,
  givenAssigned,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

const raw = (method: string, path: string, body?: string) =>
  sendSigned(belfry.url, tenant, { method, path: `/phone-numbers${path}`, ...(body !== undefined && { body }) })

describe('ListPhoneNumbers', () => {
  const list = (query: string) => raw('GET', `?${query}`)
  const idsOf = (page: { PhoneNumbers?: PhoneNumber[] | undefined }) =>
    page.PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber)

  test('lists complete numbers, oldest first, including the deletion queue', async () => {
    const owner = await belfry.tenant()
    const later = await belfry.stock(1)
    const numbers = await givenNumbers(belfry, owner, 2)
    await order(owner, later, 'VoiceConnector')
    await completeOrders(belfry)
    await owner.chime.deletePhoneNumber({ PhoneNumberId: numbers[0] })
    const { PhoneNumbers, NextToken } = await owner.chime.listPhoneNumbers()
    const each = [...numbers, ...later].map((PhoneNumberId) => owner.chime.getPhoneNumber({ PhoneNumberId }))
    expect(PhoneNumbers).toEqual((await Promise.all(each)).map(({ PhoneNumber }) => PhoneNumber))
    expect(NextToken).toBeUndefined()
  })

  test('answers an empty list with explicit nulls', async () => {
    const answer = await sendSigned(belfry.url, await belfry.tenant(), { path: '/phone-numbers' })
    expect([answer.status, answer.body]).toEqual([200, '{"NextToken":null,"PhoneNumbers":[]}'])
  })

  test('filters by status, product type and holder, also combined', async () => {
    const owner = await belfry.tenant()
    const input = await givenAssignable(belfry, owner)
    const { AccountId, UserId, E164PhoneNumber: assigned } = input
    await owner.chime.associatePhoneNumberWithUser(input)
    const free = await givenNumber(belfry, owner)
    const voice = await givenNumber(belfry, owner, 'VoiceConnector')
    const queued = await givenNumber(belfry, owner)
    await owner.chime.deletePhoneNumber({ PhoneNumberId: queued })
    const [lost = ''] = await belfry.stock(1)
    await order(owner, [lost], 'BusinessCalling')
    await withdraw(belfry, [lost])
    await completeOrders(belfry)
    const [coming = ''] = await belfry.stock(1)
    await order(owner, [coming], 'BusinessCalling')

    const find = async (filter: Parameters<Chime['listPhoneNumbers']>[0]) =>
      idsOf(await owner.chime.listPhoneNumbers(filter))
    const byStatus: Partial<Record<PhoneNumberStatus, string[]>> = {
      Assigned: [assigned],
      Unassigned: [free, voice],
      ReleaseInProgress: [queued],
      AcquireFailed: [lost],
      AcquireInProgress: [coming],
    }
    for (const Status of Object.values(PhoneNumberStatus))
      expect(await find({ Status })).toEqual(byStatus[Status] ?? [])
    expect(await find({ ProductType: 'VoiceConnector' })).toEqual([voice])
    expect(await find({ ProductType: 'SipMediaApplicationDialIn' })).toEqual([])
    expect(await find({ ProductType: 'BusinessCalling', Status: 'Unassigned' })).toEqual([free])
    const byUser = { FilterName: 'UserId', FilterValue: UserId } as const
    expect(await find(byUser)).toEqual([assigned])
    expect(await find({ FilterName: 'AccountId', FilterValue: AccountId })).toEqual([assigned])
    expect(await find({ ...byUser, Status: 'Assigned', ProductType: 'BusinessCalling' })).toEqual([assigned])
    expect(await find({ ...byUser, Status: 'Unassigned' })).toEqual([])
    expect(await find({ ...byUser, ProductType: 'VoiceConnector' })).toEqual([])
    expect(await find({ ...byUser, FilterValue: AccountId })).toEqual([])
    for (const FilterValue of hostileIds) expect(await find({ FilterName: 'UserId', FilterValue })).toEqual([])
    for (const FilterName of ['VoiceConnectorId', 'VoiceConnectorGroupId', 'SipRuleId'] as const)
      expect(await find({ FilterName, FilterValue: UserId })).toEqual([])
    await completeOrders(belfry)
  })

  test('lists no numbers of another AWS account', async () => {
    const { UserId, AccountId } = await givenAssigned(belfry, tenant)
    const { chime: stranger } = await belfry.tenant()
    expect(idsOf(await stranger.listPhoneNumbers())).toEqual([])
    expect(idsOf(await stranger.listPhoneNumbers({ FilterName: 'UserId', FilterValue: UserId }))).toEqual([])
    expect(idsOf(await stranger.listPhoneNumbers({ FilterName: 'AccountId', FilterValue: AccountId }))).toEqual([])
  })

  test.each(['filter-name=UserId', 'filter-value=x'])('refuses the incomplete filter %s', async (query) => {
    expect(refusedRaw(await list(query))).toBe(badRequest('FilterName and FilterValue must be given together'))
  })

  test.each([
    ['status=Lost', 'Status'],
    ['status=unassigned', 'Status'],
    ['product-type=Voice%20Connector', 'ProductType'],
    ['filter-name=__proto__&filter-value=x', 'FilterName'],
  ])('refuses the query %s', async (query, member) => {
    expect(refusedRaw(await list(query))).toContain(invalid(member, 'satisfy enum value set: ['))
  })

  test('refuses a filter value with NUL', async () => {
    expect(refusedRaw(await list('filter-name=UserId&filter-value=%00'))).toBe(
      invalid('FilterValue', 'be well-formed Unicode without NUL'),
    )
  })

  test.each(badMaxResults(99))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await list(`max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('shows 99 numbers on a page by default, without gaps or repeats', async () => {
    const owner = await belfry.tenant()
    const numbers = [...(await givenNumbers(belfry, owner, 50)), ...(await givenNumbers(belfry, owner, 50))]
    const pages = await readPages((from) => owner.chime.listPhoneNumbers(from))
    expect(pages.map(({ PhoneNumbers }) => PhoneNumbers?.length)).toEqual([99, 1])
    expect(pages.flatMap(idsOf)).toEqual(numbers)
    const [first] = pages
    expect(await owner.chime.listPhoneNumbers({ MaxResults: 99 })).toMatchObject({ PhoneNumbers: first?.PhoneNumbers })
    const short = await readPages((from) => owner.chime.listPhoneNumbers({ ...from, MaxResults: 33 }))
    expect(short.flatMap(idsOf)).toEqual(numbers)
  })

  test('accepts a token only for the listing it was made for', async () => {
    const owner = await belfry.tenant()
    await givenNumbers(belfry, owner, 2)
    const { NextToken } = await owner.chime.listPhoneNumbers({ MaxResults: 1 })
    expect((await owner.chime.listPhoneNumbers({ NextToken })).PhoneNumbers).toHaveLength(1)
    expect(await refused(chime.listPhoneNumbers({ NextToken }))).toBe(badToken)
    expect(await refused(owner.chime.listPhoneNumbers({ NextToken, Status: 'Unassigned' }))).toBe(badToken)
    expect(await refused(owner.chime.listPhoneNumbers({ NextToken, ProductType: 'BusinessCalling' }))).toBe(badToken)
    const filter = { FilterName: 'UserId', FilterValue: 'u' } as const
    expect(await refused(owner.chime.listPhoneNumbers({ NextToken, ...filter }))).toBe(badToken)
    expect(await refused(owner.chime.listPhoneNumberOrders({ NextToken }))).toBe(badToken)
    for (const garbage of badTokens)
      expect(await refused(owner.chime.listPhoneNumbers({ NextToken: garbage }))).toBe(badToken)
  })
})
