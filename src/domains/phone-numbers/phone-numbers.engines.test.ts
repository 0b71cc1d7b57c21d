/** Numbers of the inventory: their ids, their content and their visibility. */
import { type Chime, type PhoneNumber } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { dayMs, useBelfry } from '../../../test/support/belfry.ts'
import {
  completeOrders,
  givenAccount,
  givenAssignable,
  givenNumber,
  hostileIds,
  impossibleIds,
  invalid,
  notFound,
  offerAgain,
  refused,
  refusedRaw,
  order,
  givenAssigned,
  givenLostNumber,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

const idOf = (number: string) => number.replace('+', '%2B')
const get = async (PhoneNumberId: string): Promise<PhoneNumber | undefined> =>
  (await chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber
const raw = (method: string, path: string, body?: string) =>
  sendSigned(belfry.url, tenant, { method, path: `/phone-numbers${path}`, ...(body !== undefined && { body }) })

async function passDays(days: number) {
  belfry.advance(days * dayMs)
  await belfry.runJobs()
}

describe('GetPhoneNumber', () => {
  test('shows a new number with the published defaults', async () => {
    const [number = ''] = await belfry.stock(1)
    const CreatedTimestamp = (await order(tenant, [number]))?.CreatedTimestamp
    await completeOrders(belfry)
    const { PhoneNumber, $metadata } = await chime.getPhoneNumber({ PhoneNumberId: number })
    expect($metadata.httpStatusCode).toBe(200)
    expect(PhoneNumber).toEqual({
      PhoneNumberId: idOf(number),
      E164PhoneNumber: number,
      Country: 'US',
      Type: 'Local',
      ProductType: 'BusinessCalling',
      Status: 'Unassigned',
      Capabilities: {
        InboundCall: true,
        InboundMMS: true,
        InboundSMS: true,
        OutboundCall: true,
        OutboundMMS: true,
        OutboundSMS: true,
      },
      Associations: [],
      CallingNameStatus: 'Unassigned',
      CreatedTimestamp,
      UpdatedTimestamp: expect.any(Date),
    })
    expect(Number(PhoneNumber?.UpdatedTimestamp)).toBeGreaterThanOrEqual(Number(CreatedTimestamp) + 2_000)
  })

  test('answers compact JSON in alphabetical order with explicit nulls', async () => {
    const number = await givenNumber(belfry, tenant)
    const { body, json } = await raw('GET', `/${encodeURIComponent(idOf(number))}`)
    const { CreatedTimestamp, UpdatedTimestamp } = json['PhoneNumber'] as Record<string, unknown>
    expect(CreatedTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(body).toBe(
      `{"PhoneNumber":{"Associations":[],"CallingName":null,"CallingNameStatus":"Unassigned","Capabilities":{"InboundCall":true,"InboundMMS":true,"InboundSMS":true,"OutboundCall":true,"OutboundMMS":true,"OutboundSMS":true},"Country":"US","CreatedTimestamp":"${CreatedTimestamp}","DeletionTimestamp":null,"E164PhoneNumber":"${number}","PhoneNumberId":"${idOf(number)}","ProductType":"BusinessCalling","Status":"Unassigned","Type":"Local","UpdatedTimestamp":"${UpdatedTimestamp}"}}`,
    )
  })

  test('shows a toll-free number, which supports only calls', async () => {
    const numbers = await belfry.stock(1, { type: 'TollFree', area_code: '833', city_key: null, state_key: null })
    await order(tenant, numbers, 'VoiceConnector')
    await completeOrders(belfry)
    expect(await get(numbers[0] ?? '')).toMatchObject({
      Type: 'TollFree',
      ProductType: 'VoiceConnector',
      Capabilities: {
        InboundCall: true,
        InboundMMS: false,
        InboundSMS: false,
        OutboundCall: true,
        OutboundMMS: false,
        OutboundSMS: false,
      },
    })
  })

  test('shows a foreign number', async () => {
    const numbers = await belfry.stock(1, { country: 'GB', area_code: null, city_key: null, state_key: null })
    await order(tenant, numbers, 'SipMediaApplicationDialIn')
    await completeOrders(belfry)
    const expected = { Country: 'GB', Type: 'Local', ProductType: 'SipMediaApplicationDialIn', Status: 'Unassigned' }
    expect(await get(numbers[0] ?? '')).toMatchObject(expected)
  })

  test('shows a number that is being acquired, and a number that could not be acquired', async () => {
    const [coming = ''] = await belfry.stock(1)
    await order(tenant, [coming])
    expect((await get(coming))?.Status).toBe('AcquireInProgress')
    await completeOrders(belfry)
    expect((await get(await givenLostNumber(belfry, tenant)))?.Status).toBe('AcquireFailed')
  })
})

/** The spellings of a number in a path, after decoding. */
const spellings: [string, (number: string) => string][] = [
  ['+1206…', (number) => number],
  ['%2B1206…', (number) => number.replace('+', '%2B')],
  ['%2b1206…', (number) => number.replace('+', '%2b')],
  ['1206…', (number) => number.replace('+', '')],
]

test.each(spellings)('every operation accepts an id spelt %s', async (_, spell) => {
  const number = await givenNumber(belfry, tenant)
  const PhoneNumberId = spell(number)
  expect((await get(PhoneNumberId))?.E164PhoneNumber).toBe(number)
  const updated = await chime.updatePhoneNumber({ PhoneNumberId, ProductType: 'VoiceConnector' })
  expect(updated.PhoneNumber?.PhoneNumberId).toBe(idOf(number))
  await chime.deletePhoneNumber({ PhoneNumberId })
  const restored = await chime.restorePhoneNumber({ PhoneNumberId })
  expect(restored.PhoneNumber?.PhoneNumberId).toBe(idOf(number))
})

test.each(['%2B', '+', '%252B', '%252b', ''])('the encoded id in a path may begin with %j', async (plus) => {
  const number = await givenNumber(belfry, tenant)
  const answer = await raw('GET', `/${plus}${number.slice(1)}`)
  expect([answer.status, (answer.json['PhoneNumber'] as PhoneNumber | undefined)?.E164PhoneNumber]).toEqual([
    200,
    number,
  ])
})

const operations: [string, (chime: Chime, PhoneNumberId: string) => Promise<unknown>][] = [
  ['GetPhoneNumber', (caller, PhoneNumberId) => caller.getPhoneNumber({ PhoneNumberId })],
  ['UpdatePhoneNumber', (caller, PhoneNumberId) => caller.updatePhoneNumber({ PhoneNumberId, CallingName: 'Ann' })],
  ['DeletePhoneNumber', (caller, PhoneNumberId) => caller.deletePhoneNumber({ PhoneNumberId })],
  ['RestorePhoneNumber', (caller, PhoneNumberId) => caller.restorePhoneNumber({ PhoneNumberId })],
]

describe.each(operations)('%s', (name, call) => {
  test('does not find a number of another AWS account or a number in stock', async () => {
    const number = await givenNumber(belfry, tenant)
    if (name === 'RestorePhoneNumber') await chime.deletePhoneNumber({ PhoneNumberId: number })
    const before = await get(number)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(call(stranger, idOf(number)))).toBe(notFound('PhoneNumber', idOf(number)))
    expect(await get(number)).toEqual(before)
    const [inStock = ''] = await belfry.stock(1)
    expect(await refused(call(chime, idOf(inStock)))).toBe(notFound('PhoneNumber', idOf(inStock)))
  })

  test('does not find an id that is not a phone number', async () => {
    const ids = ['abc', '1', '+02065550100', '+12065550100x', '++12065550100', '%2B%2B12065550100', '1'.repeat(16)]
    for (const id of [...ids, '+12065550100\n', '１２０６５５５０１００', ...hostileIds])
      expect(await refused(call(chime, id))).toBe(notFound('PhoneNumber', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, id))).toBe(invalid('PhoneNumberId', constraint))
  })
})

test.each(['/', '/%20', '/%09'])('the path %s is refused because its id is blank', async (path) => {
  expect(refusedRaw(await raw('GET', path))).toBe(
    invalid('PhoneNumberId', String.raw`satisfy regular expression pattern: .*\S.*`),
  )
})

describe('a number that could not be acquired', () => {
  test('does not become usable through the deletion queue', async () => {
    const PhoneNumberId = await givenLostNumber(belfry, tenant)
    const { AccountId, UserId } = await givenAssignable(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId }).catch(() => {})
    await chime.restorePhoneNumber({ PhoneNumberId }).catch(() => {})
    const call = chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber: PhoneNumberId })
    expect(await refused(call)).toMatch(/^40[04] /)
    expect((await chime.listPhoneNumbers({ FilterName: 'UserId', FilterValue: UserId })).PhoneNumbers).toEqual([])
  })

  test('can be ordered again after it is offered again', async () => {
    const number = await givenLostNumber(belfry, tenant)
    await offerAgain(belfry, number)
    const { PhoneNumberOrderId, Status } = (await order(tenant, [number])) ?? {}
    expect(Status).toBe('Processing')
    await completeOrders(belfry)
    const { PhoneNumberOrder } = await chime.getPhoneNumberOrder({ PhoneNumberOrderId })
    expect(PhoneNumberOrder?.Status).toBe('Successful')
    expect((await get(number))?.Status).toBe('Unassigned')
  })

  test('is not put back into stock while another AWS account has it', async () => {
    const number = await givenLostNumber(belfry, tenant)
    await offerAgain(belfry, number)
    const winner = await belfry.tenant()
    await order(winner, [number], 'BusinessCalling')
    await completeOrders(belfry)
    expect((await winner.chime.getPhoneNumber({ PhoneNumberId: number })).PhoneNumber?.Status).toBe('Unassigned')
    await chime.deletePhoneNumber({ PhoneNumberId: number }).catch(() => {})
    await passDays(8)
    const third = await belfry.tenant()
    await order(third, [number], 'BusinessCalling')
    await completeOrders(belfry)
    expect(await refused(third.chime.getPhoneNumber({ PhoneNumberId: number }))).toContain('404 NotFoundException')
  })
})

test('numbers belong to the AWS account, not to a Chime account', async () => {
  const { E164PhoneNumber, ...first } = await givenAssigned(belfry, tenant)
  await chime.disassociatePhoneNumberFromUser(first)
  const AccountId = await givenAccount(tenant, 'Other')
  const { User } = await chime.createUser({ AccountId, Username: 'Ann' })
  await chime.associatePhoneNumberWithUser({ AccountId, UserId: User?.UserId, E164PhoneNumber })
  const values = (await get(E164PhoneNumber))?.Associations?.map(({ Value }) => Value)
  expect(values).toEqual([AccountId, User?.UserId])
})
