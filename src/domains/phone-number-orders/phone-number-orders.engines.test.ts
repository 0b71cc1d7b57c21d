/** Reading orders, through the HTTP API. */
import type { PhoneNumberOrder } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badToken,
  badTokens,
  completeOrders,
  findOrder,
  invalid,
  notFound,
  order,
  readPages,
  refused,
  refusedRaw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

describe('GetPhoneNumberOrder', () => {
  test('finds an order by its id in upper or lower case', async () => {
    const ordered = await order(tenant, await belfry.stock(1))
    const { PhoneNumberOrder, $metadata } = await chime.getPhoneNumberOrder(ordered as { PhoneNumberOrderId: string })
    expect([$metadata.httpStatusCode, PhoneNumberOrder]).toEqual([200, ordered])
    const PhoneNumberOrderId = ordered.PhoneNumberOrderId?.toUpperCase()
    expect((await chime.getPhoneNumberOrder({ PhoneNumberOrderId })).PhoneNumberOrder).toEqual(ordered)
  })

  test('does not find an order of another AWS account or an unknown order', async () => {
    const { PhoneNumberOrderId = '' } = await order(tenant, ['+12069999997'])
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.getPhoneNumberOrder({ PhoneNumberOrderId }))).toBe(
      notFound('PhoneNumberOrder', PhoneNumberOrderId),
    )
    const unknown = '00000000-0000-0000-0000-000000000000'
    expect(await refused(chime.getPhoneNumberOrder({ PhoneNumberOrderId: unknown }))).toBe(
      notFound('PhoneNumberOrder', unknown),
    )
  })

  const valid = 'abcdef12-3456-7890-abcd-ef1234567890'
  test.each([
    'abc12345-6789-123g-h45i-67890abcdef1',
    'x',
    `${valid}0`,
    `{${valid}}`,
    `${valid}\n`,
    '__proto__',
    '%',
    'x'.repeat(5_000),
  ])('refuses the malformed id %j', async (PhoneNumberOrderId) => {
    expect(await refused(chime.getPhoneNumberOrder({ PhoneNumberOrderId }))).toBe(
      invalid(
        'PhoneNumberOrderId',
        'satisfy regular expression pattern: [a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}',
      ),
    )
  })

  test.each(['/phone-number-orders/', '/phone-number-orders/%20', '/phone-number-orders/a%00b'])(
    'refuses the path %s',
    async (path) => {
      expect(refusedRaw(await sendSigned(belfry.url, tenant, { path }))).toMatch(
        /^400 BadRequestException BadRequest: .*'PhoneNumberOrderId'/,
      )
    },
  )
})

describe('ListPhoneNumberOrders', () => {
  const list = (query: string) => sendSigned(belfry.url, tenant, { path: `/phone-number-orders?${query}` })
  const idsOf = ({ PhoneNumberOrders = [] }: { PhoneNumberOrders?: PhoneNumberOrder[] | undefined }) =>
    PhoneNumberOrders.map(({ PhoneNumberOrderId }) => PhoneNumberOrderId)

  test('lists complete orders, newest first', async () => {
    const owner = await belfry.tenant()
    const orders = []
    for (const numbers of [await belfry.stock(2), ['+12069999996'], await belfry.stock(1)])
      orders.unshift(await order(owner, numbers, 'VoiceConnector'))
    const { PhoneNumberOrders, NextToken } = await owner.chime.listPhoneNumberOrders()
    expect(PhoneNumberOrders).toEqual(orders)
    expect(NextToken).toBeUndefined()
    await completeOrders(belfry)
    const done = await Promise.all(orders.map((it) => findOrder(owner, it)))
    expect((await owner.chime.listPhoneNumberOrders()).PhoneNumberOrders).toEqual(done)
  })

  test('answers an empty list with explicit nulls, without the orders of other AWS accounts', async () => {
    await order(tenant, ['+12069999995'])
    const answer = await sendSigned(belfry.url, await belfry.tenant(), { path: '/phone-number-orders' })
    expect([answer.status, answer.body]).toEqual([200, '{"NextToken":null,"PhoneNumberOrders":[]}'])
  })

  test.each(badMaxResults(99))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await list(`max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('shows 99 orders on a page by default, without gaps or repeats while orders are created', async () => {
    const owner = await belfry.tenant()
    const orders = []
    for (let index = 0; index < 100; index++) orders.unshift(await order(owner, ['+12069999994']))
    const ids = orders.map(({ PhoneNumberOrderId }) => PhoneNumberOrderId)
    const first = await owner.chime.listPhoneNumberOrders()
    await order(owner, ['+12069999994'])
    const second = await owner.chime.listPhoneNumberOrders({ NextToken: first.NextToken })
    expect([idsOf(first), idsOf(second)]).toEqual([ids.slice(0, 99), ids.slice(99)])
    expect(second.NextToken).toBeUndefined()
    const pages = await readPages((from) => owner.chime.listPhoneNumberOrders({ ...from, MaxResults: 40 }))
    expect(pages.map((page) => idsOf(page).length)).toEqual([40, 40, 21])
    expect(pages.flatMap(idsOf).slice(1)).toEqual(ids)
  })

  test('accepts a token only for the listing it was made for', async () => {
    const owner = await belfry.tenant()
    await order(owner, ['+12069999993'])
    await order(owner, ['+12069999993'])
    const { NextToken } = await owner.chime.listPhoneNumberOrders({ MaxResults: 1 })
    expect((await owner.chime.listPhoneNumberOrders({ NextToken })).PhoneNumberOrders).toHaveLength(1)
    expect(await refused(chime.listPhoneNumberOrders({ NextToken }))).toBe(badToken)
    expect(await refused(owner.chime.listPhoneNumbers({ NextToken }))).toBe(badToken)
    for (const garbage of badTokens)
      expect(await refused(owner.chime.listPhoneNumberOrders({ NextToken: garbage }))).toBe(badToken)
  })
})
