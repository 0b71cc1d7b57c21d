import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { completeOrders, invalid, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object) => callBelfry(belfry.url, tenant, text, members)
const add = async (members: object) => (await call('POST /stock', members)).json

describe('AddStock', () => {
  test('adds a list of numbers, and skips those that are in stock already', async () => {
    const E164PhoneNumbers = ['+13105550100', '13105550101', '+13105550100']
    expect(await add({ E164PhoneNumbers, City: 'Santa Monica', State: 'CA' })).toEqual({ Added: 2, Skipped: 0 })
    expect(await add({ E164PhoneNumbers: [...E164PhoneNumbers, '+13105550102'] })).toEqual({ Added: 1, Skipped: 2 })
    const found = await tenant.chime.searchAvailablePhoneNumbers({ State: 'ca', City: 'santa monica' })
    expect(found.E164PhoneNumbers).toEqual(['+13105550100', '+13105550101'])
  })

  test('adds a range of numbers, with country and type from the numbering plan', async () => {
    const range = { FirstE164PhoneNumber: '+442079460000', LastE164PhoneNumber: '+442079460999' }
    expect(await add(range)).toEqual({ Added: 1000, Skipped: 0 })
    const British = { Country: 'GB', PhoneNumberType: 'Local', MaxResults: 1 } as const
    expect((await tenant.chime.searchAvailablePhoneNumbers(British)).E164PhoneNumbers).toEqual(['+442079460000'])
    expect(await add({ E164PhoneNumbers: ['+18445550123'] })).toEqual({ Added: 1, Skipped: 0 })
    const { E164PhoneNumbers } = await tenant.chime.searchAvailablePhoneNumbers({ TollFreePrefix: '844' })
    expect(E164PhoneNumbers).toEqual(['+18445550123'])
  })

  const long = (length: number) =>
    Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('')

  test('accepts place names of 128 characters in any script', async () => {
    const place = { City: long(128), State: long(128) }
    expect(await add({ E164PhoneNumbers: ['+13105550140'], ...place })).toEqual({ Added: 1, Skipped: 0 })
    const found = await tenant.chime.searchAvailablePhoneNumbers(place)
    expect(found.E164PhoneNumbers).toEqual(['+13105550140'])
  })

  test.each(['City', 'State'])('refuses a %s of more than 128 characters', async (member) => {
    const refused = await call('POST /stock', { E164PhoneNumbers: ['+13105550141'], [member]: long(129) })
    expect(refusedRaw(refused)).toBe(invalid(member, 'have length less than or equal to 128'))
  })

  test.each([
    {},
    { FirstE164PhoneNumber: '+12065550100' },
    { E164PhoneNumbers: ['+12065550100'], FirstE164PhoneNumber: '+12065550100', LastE164PhoneNumber: '+12065550101' },
    { FirstE164PhoneNumber: '+12065550101', LastE164PhoneNumber: '+12065550100' },
    { FirstE164PhoneNumber: '+12065550101', LastE164PhoneNumber: '+120655501010' },
    { FirstE164PhoneNumber: '+12065550000', LastE164PhoneNumber: '+12065560000' },
    { E164PhoneNumbers: ['+999123'] },
    { E164PhoneNumbers: [] },
  ])('refuses the body %j', async (members) => {
    const { status, json } = await call('POST /stock', members)
    expect([status, json['Code']]).toEqual([400, 'BadRequest'])
  })
})

describe('ListStock, WithdrawStock', () => {
  test('count all numbers and the available ones, and withdraw only available numbers', async () => {
    await add({ FirstE164PhoneNumber: '+17025550100', LastE164PhoneNumber: '+17025550109' })
    const numbers = ['+17025550100', '+17025550101']
    await tenant.chime.createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers: numbers })
    await completeOrders(belfry)
    const counts = async () => {
      const { json } = await call('GET /stock?country=US')
      return (json['StockRanges'] as { AreaCode: string }[]).find(({ AreaCode }) => AreaCode === '702')
    }
    expect(await counts()).toEqual({ AreaCode: '702', Available: 8, Country: 'US', Total: 10, Type: 'Local' })
    const withdraw = { E164PhoneNumbers: [...numbers, '+17025550105', '+17025559999'] }
    expect((await call('POST /stock?operation=withdraw', withdraw)).json).toEqual({ Skipped: 3, Withdrawn: 1 })
    expect(await counts()).toMatchObject({ Available: 7, Total: 9 })
  })

  test('a number that is withdrawn during its order is not acquired', async () => {
    const E164PhoneNumbers = ['+14155550100']
    await add({ E164PhoneNumbers })
    const { PhoneNumberOrder } = await tenant.chime.createPhoneNumberOrder({
      ProductType: 'BusinessCalling',
      E164PhoneNumbers,
    })
    expect((await call('POST /stock?operation=withdraw', { E164PhoneNumbers })).json).toEqual({
      Skipped: 0,
      Withdrawn: 1,
    })
    await completeOrders(belfry)
    const order = await tenant.chime.getPhoneNumberOrder({ PhoneNumberOrderId: PhoneNumberOrder?.PhoneNumberOrderId })
    expect(order.PhoneNumberOrder?.Status).toBe('Failed')
  })

  test('a number that is withdrawn and added again during its order is not offered to other orders', async () => {
    const E164PhoneNumbers = ['+14155550110']
    const order = () => tenant.chime.createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers })
    await add({ E164PhoneNumbers })
    await order()
    await call('POST /stock?operation=withdraw', { E164PhoneNumbers })
    expect(await add({ E164PhoneNumbers })).toEqual({ Added: 1, Skipped: 0 })
    const { PhoneNumberOrder: second } = await order()
    await completeOrders(belfry)
    const { PhoneNumber } = await tenant.chime.getPhoneNumber({ PhoneNumberId: E164PhoneNumbers[0] })
    expect(PhoneNumber?.Status).toBe('Unassigned')
    const found = await tenant.chime.getPhoneNumberOrder({ PhoneNumberOrderId: second?.PhoneNumberOrderId })
    expect(found.PhoneNumberOrder?.Status).toBe('Failed')
  })

  test('list the stock in pages', async () => {
    await add({ E164PhoneNumbers: ['+12125550100', '+17185550100', '+19175550100', '+18665550100', '+33123456789'] })
    const seen: string[] = []
    let token: unknown
    do {
      const query = typeof token === 'string' ? `&next-token=${token}` : ''
      const { json } = await call(`GET /stock?max-results=2${query}`)
      for (const { Country, Type, AreaCode } of json['StockRanges'] as Record<string, string>[])
        seen.push(`${Country} ${Type} ${AreaCode}`)
      token = json['NextToken']
    } while (token !== null)
    expect(seen).toEqual([...new Set(seen)].toSorted())
    expect(seen).toEqual(expect.arrayContaining(['FR Local null', 'US Local 212', 'US TollFree 866']))
  })
})
