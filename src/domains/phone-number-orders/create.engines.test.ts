/** Ordering numbers, through the HTTP API. */
import type { PhoneNumberOrder } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import {
  badRequest,
  completeOrders,
  findOrder,
  foreignFacts,
  givenNumber,
  invalid,
  inventoryOf,
  order,
  refused,
  refusedRaw,
  restricted,
  tollFreeFacts,
  uuid,
  withdraw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry({ RESTRICTED_AWS_ACCOUNTS: '999900009999' })

async function finish(ordered: PhoneNumberOrder) {
  await completeOrders(belfry)
  return findOrder(tenant, ordered)
}

const linesOf = ({ OrderedPhoneNumbers = [] }: PhoneNumberOrder) =>
  OrderedPhoneNumbers.map(({ E164PhoneNumber, Status }) => [E164PhoneNumber, Status])

describe('CreatePhoneNumberOrder', () => {
  const post = (body: string) => sendSigned(belfry.url, tenant, { method: 'POST', path: '/phone-number-orders', body })

  test('answers at once with an order that is completed seconds later', async () => {
    const [first = '', second = ''] = await belfry.stock(2)
    const { PhoneNumberOrder, $metadata } = await chime.createPhoneNumberOrder({
      ProductType: 'VoiceConnector',
      E164PhoneNumbers: [second, first],
    })
    expect($metadata.httpStatusCode).toBe(201)
    const CreatedTimestamp = PhoneNumberOrder?.CreatedTimestamp
    expect(PhoneNumberOrder).toEqual({
      PhoneNumberOrderId: expect.stringMatching(uuid),
      ProductType: 'VoiceConnector',
      Status: 'Processing',
      OrderedPhoneNumbers: [
        { E164PhoneNumber: second, Status: 'Processing' },
        { E164PhoneNumber: first, Status: 'Processing' },
      ],
      CreatedTimestamp: expect.any(Date),
      UpdatedTimestamp: CreatedTimestamp,
    })
    expect(Math.abs(Number(CreatedTimestamp) - Number(tenant.now()))).toBeLessThan(5_000)
    const done = await finish(PhoneNumberOrder ?? {})
    expect(done).toEqual({
      ...PhoneNumberOrder,
      Status: 'Successful',
      OrderedPhoneNumbers: [
        { E164PhoneNumber: second, Status: 'Acquired' },
        { E164PhoneNumber: first, Status: 'Acquired' },
      ],
      UpdatedTimestamp: expect.any(Date),
    })
    expect(Number(done.UpdatedTimestamp)).toBeGreaterThanOrEqual(Number(CreatedTimestamp) + 2_000)
  })

  test('answers compact JSON in alphabetical order', async () => {
    const [number = ''] = await belfry.stock(1)
    const { body, json } = await post(JSON.stringify({ ProductType: 'BusinessCalling', E164PhoneNumbers: [number] }))
    const { PhoneNumberOrderId, CreatedTimestamp } = json['PhoneNumberOrder'] as Record<string, unknown>
    expect(CreatedTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(body).toBe(
      `{"PhoneNumberOrder":{"CreatedTimestamp":"${CreatedTimestamp}","OrderedPhoneNumbers":[{"E164PhoneNumber":"${number}","Status":"Processing"}],"PhoneNumberOrderId":"${PhoneNumberOrderId}","ProductType":"BusinessCalling","Status":"Processing","UpdatedTimestamp":"${CreatedTimestamp}"}}`,
    )
  })

  test('makes an order that is completed after the delay, not before', async () => {
    const slow = await startBelfry({ ORDER_DELAY_MS: '60000' })
    const owner = await slow.tenant()
    const ordered = await order(owner, await slow.stock(1))
    await slow.runJobs()
    slow.advance(50_000)
    await slow.runJobs()
    expect(await findOrder(owner, ordered)).toEqual(ordered)
    slow.advance(10_000)
    await slow.runJobs()
    const done = await findOrder(owner, ordered)
    expect(done.Status).toBe('Successful')
    slow.advance(60_000)
    await slow.runJobs()
    expect(await findOrder(owner, ordered)).toEqual(done)
  })

  test('makes an order that becomes Partial if some numbers are not acquired, and Failed if none is', async () => {
    const [inStock = '', withdrawn = ''] = await belfry.stock(2)
    const owned = await givenNumber(belfry, tenant)
    const foreign = await givenNumber(belfry, await belfry.tenant())
    const partial = await order(tenant, [owned, inStock, foreign, withdrawn, '+12069999999'])
    expect(new Set(linesOf(partial).map(([, Status]) => Status))).toEqual(new Set(['Processing']))
    const failed = await order(tenant, [owned, inStock])
    await withdraw(belfry, [withdrawn])
    const done = await finish(partial)
    expect(done.Status).toBe('Partial')
    expect(linesOf(done)).toEqual([
      [owned, 'Failed'],
      [inStock, 'Acquired'],
      [foreign, 'Failed'],
      [withdrawn, 'Failed'],
      ['+12069999999', 'Failed'],
    ])
    const none = await findOrder(tenant, failed)
    expect([none.Status, ...linesOf(none)]).toEqual(['Failed', [owned, 'Failed'], [inStock, 'Failed']])
    expect((await chime.getPhoneNumber({ PhoneNumberId: owned })).PhoneNumber?.Status).toBe('Unassigned')
    expect((await chime.getPhoneNumber({ PhoneNumberId: inStock })).PhoneNumber?.Status).toBe('Unassigned')
    expect((await chime.getPhoneNumber({ PhoneNumberId: withdrawn })).PhoneNumber?.Status).toBe('AcquireFailed')
    for (const PhoneNumberId of [foreign, '+12069999999'])
      expect(await refused(chime.getPhoneNumber({ PhoneNumberId }))).toContain('404 NotFoundException')
  })

  test('collapses duplicates, and accepts numbers without the plus', async () => {
    const [number = '', other = ''] = await belfry.stock(2)
    const ordered = await order(tenant, [number, number.slice(1), other, number])
    expect(linesOf(await finish(ordered))).toEqual([
      [number, 'Acquired'],
      [other, 'Acquired'],
    ])
  })

  test('gives each number that two tenants order at once to one of them', async () => {
    const numbers = await belfry.stock(20)
    const tenants = [await belfry.tenant(), await belfry.tenant()]
    const calls = numbers.flatMap((number) => tenants.map((caller) => order(caller, [number])))
    const orders = await Promise.all(calls)
    await completeOrders(belfry)
    const states = await Promise.all(
      orders.map(async (it, index) => (await findOrder(tenants[index % 2] ?? tenant, it)).Status),
    )
    for (let index = 0; index < states.length; index += 2)
      expect(states.slice(index, index + 2).toSorted()).toEqual(['Failed', 'Successful'])
    const inventories = await Promise.all(tenants.map(inventoryOf))
    expect(inventories.flat().toSorted()).toEqual(numbers.toSorted())
  })

  test('gives a number to only one of several concurrent orders of a tenant', async () => {
    const owner = await belfry.tenant()
    const numbers = await belfry.stock(5)
    await Promise.all(Array.from({ length: 5 }, () => order(owner, numbers)))
    await completeOrders(belfry)
    expect(await inventoryOf(owner)).toEqual(numbers)
    const { PhoneNumberOrders = [] } = await owner.chime.listPhoneNumberOrders()
    expect(PhoneNumberOrders.map(({ Status }) => Status).toSorted()).toEqual([...Array(4).fill('Failed'), 'Successful'])
  })

  test.each([
    ['Toll-free numbers cannot be of product type BusinessCalling', 'BusinessCalling', '+18335550100'],
    ['Toll-free numbers cannot be of product type BusinessCalling', 'BusinessCalling', '18005550100'],
    ['Numbers from outside the United States', 'BusinessCalling', '+442079460000'],
    ['Numbers from outside the United States', 'VoiceConnector', '+442079460000'],
    ['Numbers from outside the United States', 'VoiceConnector', '+14165550100'],
    ['Numbers from outside the United States', 'BusinessCalling', '+999123456'],
  ] as const)('refuses with "%s" a %s order of %s', async (message, product, number) => {
    const [inStock = ''] = await belfry.stock(1)
    const owner = await belfry.tenant()
    expect(await refused(order(owner, [inStock, number], product))).toContain(badRequest(message))
    expect((await owner.chime.listPhoneNumberOrders()).PhoneNumberOrders).toEqual([])
    expect((await finish(await order(tenant, [inStock]))).Status).toBe('Successful')
  })

  test('orders toll-free numbers and foreign numbers for the product types that they support', async () => {
    const tollFree = await belfry.stock(2, tollFreeFacts)
    const abroad = await belfry.stock(1, foreignFacts)
    const orders = [
      await order(tenant, tollFree.slice(0, 1), 'VoiceConnector'),
      await order(tenant, tollFree.slice(1), 'SipMediaApplicationDialIn'),
      await order(tenant, abroad, 'SipMediaApplicationDialIn'),
    ]
    await completeOrders(belfry)
    for (const ordered of orders) expect((await findOrder(tenant, ordered)).Status).toBe('Successful')
  })

  test('treats a number of Puerto Rico as a number of the United States', async () => {
    expect((await finish(await order(tenant, ['+17875550100']))).Status).toBe('Failed')
    expect((await finish(await order(tenant, ['+17875550100'], 'VoiceConnector'))).Status).toBe('Failed')
  })

  test('accepts 50 numbers but not 51, counted before duplicates collapse', async () => {
    const numbers = await belfry.stock(50)
    const tooMany = order(tenant, [...numbers, numbers[0] ?? ''])
    expect(await refused(tooMany)).toBe(invalid('E164PhoneNumbers', 'have length less than or equal to 50'))
    const done = await finish(await order(tenant, numbers))
    expect(done.Status).toBe('Successful')
    expect(linesOf(done)).toEqual(numbers.map((number) => [number, 'Acquired']))
  })

  const product = '"ProductType":"BusinessCalling"'
  const e164 = String.raw`satisfy regular expression pattern: ^\+?[1-9]\d{1,14}$`
  const products = 'satisfy enum value set: [BusinessCalling, VoiceConnector, SipMediaApplicationDialIn]'

  test.each([
    ['"E164PhoneNumbers":["+12065550100"]', 'ProductType', 'not be null'],
    ['"ProductType":null,"E164PhoneNumbers":["+12065550100"]', 'ProductType', 'not be null'],
    ['"ProductType":"Voice Connector","E164PhoneNumbers":["+12065550100"]', 'ProductType', products],
    [product, 'E164PhoneNumbers', 'not be null'],
    [`${product},"E164PhoneNumbers":null`, 'E164PhoneNumbers', 'not be null'],
    [`${product},"E164PhoneNumbers":[]`, 'E164PhoneNumbers', 'have length greater than or equal to 1'],
    [`${product},"E164PhoneNumbers":"+12065550100"`, 'E164PhoneNumbers', 'be a list'],
    [`${product},"E164PhoneNumbers":["+12065550100",null]`, 'E164PhoneNumbers[1]', 'not be null'],
    [`${product},"E164PhoneNumbers":[12065550100]`, 'E164PhoneNumbers[0]', 'be a string'],
    [`${product},"E164PhoneNumbers":["abc"]`, 'E164PhoneNumbers[0]', e164],
    [`${product},"E164PhoneNumbers":["+02065550100"]`, 'E164PhoneNumbers[0]', e164],
    [`${product},"E164PhoneNumbers":["%2B12065550100"]`, 'E164PhoneNumbers[0]', e164],
    [`${product},"E164PhoneNumbers":["+1234567890123456"]`, 'E164PhoneNumbers[0]', e164],
    [`${product},"E164PhoneNumbers":["+12065550100\\n"]`, 'E164PhoneNumbers[0]', e164],
  ])('refuses the body {%s}', async (members, member, constraint) => {
    expect(refusedRaw(await post(`{${members}}`))).toBe(invalid(member, constraint))
  })

  test('refuses AWS accounts that are barred from telephony', async () => {
    const barred = await belfry.tenant({ awsAccountId: '999900009999' })
    expect(await refused(order(barred, ['+12065550100']))).toBe(restricted)
  })
})
