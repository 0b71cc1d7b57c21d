/** Product types and calling names of numbers. */
import type { PhoneNumber } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  badRequest,
  completeOrders,
  conflict,
  givenAssigned,
  givenLostNumber,
  givenNumber,
  held,
  invalid,
  order,
  refused,
  refusedRaw,
  stillAcquiring,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const callingNameDelayMs = 600_000

const { belfry, tenant, chime } = await useBelfry({ CALLING_NAME_DELAY_MS: String(callingNameDelayMs) })

const inDeletionQueue = badRequest('The phone number is in the deletion queue; restore it first')
const notAcquired = badRequest('The phone number could not be acquired')
const tollFree = badRequest('Toll-free numbers cannot be of product type BusinessCalling')
const abroad = badRequest('Numbers from outside the United States must be of product type SipMediaApplicationDialIn')

const idOf = (number: string) => number.replace('+', '%2B')
const get = async (PhoneNumberId: string): Promise<PhoneNumber | undefined> =>
  (await chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber
const raw = (method: string, path: string, body?: string) =>
  sendSigned(belfry.url, tenant, { method, path: `/phone-numbers${path}`, ...(body !== undefined && { body }) })

async function spreadCallingNames() {
  belfry.advance(callingNameDelayMs)
  await belfry.runJobs()
}

describe('UpdatePhoneNumber', () => {
  const update = (
    PhoneNumberId: string,
    changes: { ProductType?: 'BusinessCalling' | 'VoiceConnector' | 'SipMediaApplicationDialIn'; CallingName?: string },
  ) => chime.updatePhoneNumber({ PhoneNumberId, ...changes })
  const one = badRequest('Exactly one of ProductType and CallingName must be given')

  test('changes the product type, back and forth', async () => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    belfry.advance(1_000)
    for (const ProductType of ['VoiceConnector', 'SipMediaApplicationDialIn', 'BusinessCalling'] as const) {
      const { PhoneNumber, $metadata } = await update(number, { ProductType })
      expect($metadata.httpStatusCode).toBe(200)
      expect(PhoneNumber).toEqual({ ...before, ProductType, UpdatedTimestamp: expect.any(Date) })
      expect(Number(PhoneNumber?.UpdatedTimestamp)).toBeGreaterThan(Number(before?.UpdatedTimestamp))
      expect(await get(number)).toEqual(PhoneNumber)
    }
  })

  test('changes nothing if the product type is the same, even for an assigned number', async () => {
    const { E164PhoneNumber } = await givenAssigned(belfry, tenant)
    const before = await get(E164PhoneNumber)
    belfry.advance(1_000)
    expect((await update(E164PhoneNumber, { ProductType: 'BusinessCalling' })).PhoneNumber).toEqual(before)
  })

  test('refuses another product type for an assigned number', async () => {
    const { E164PhoneNumber } = await givenAssigned(belfry, tenant)
    expect(await refused(update(E164PhoneNumber, { ProductType: 'VoiceConnector' }))).toBe(held)
    expect((await get(E164PhoneNumber))?.ProductType).toBe('BusinessCalling')
  })

  test('refuses a product type that the number does not support', async () => {
    const nowhere = { area_code: null, city_key: null, state_key: null }
    const [free = ''] = await belfry.stock(1, { type: 'TollFree', ...nowhere, area_code: '833' })
    const [british = ''] = await belfry.stock(1, { country: 'GB', ...nowhere })
    await order(tenant, [free], 'VoiceConnector')
    await order(tenant, [british], 'SipMediaApplicationDialIn')
    await completeOrders(belfry)
    expect(await refused(update(free, { ProductType: 'BusinessCalling' }))).toBe(tollFree)
    expect(await refused(update(british, { ProductType: 'BusinessCalling' }))).toBe(abroad)
    expect(await refused(update(british, { ProductType: 'VoiceConnector' }))).toBe(abroad)
    await update(free, { ProductType: 'SipMediaApplicationDialIn' })
    await update(british, { ProductType: 'SipMediaApplicationDialIn' })
  })

  test('applies a new calling name after a delay, one at a time', async () => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    const { PhoneNumber } = await update(number, { CallingName: 'Ann 1' })
    const UpdatedTimestamp = expect.any(Date)
    const pending = { ...before, CallingName: 'Ann 1', CallingNameStatus: 'UpdateInProgress', UpdatedTimestamp }
    expect(PhoneNumber).toEqual(pending)
    for (const CallingName of ['Ann 2', 'Ann 1', ''])
      expect(await refused(update(number, { CallingName }))).toBe(conflict)
    await belfry.runJobs()
    expect(await get(number)).toEqual(PhoneNumber)
    await spreadCallingNames()
    const spread = await get(number)
    expect(spread).toEqual({ ...pending, CallingNameStatus: 'UpdateSucceeded' })
    expect(Number(spread?.UpdatedTimestamp)).toBeGreaterThan(Number(PhoneNumber?.UpdatedTimestamp))
    expect((await update(number, { CallingName: 'Ann 2' })).PhoneNumber?.CallingNameStatus).toBe('UpdateInProgress')
    await spreadCallingNames()
    const cleared = await update(number, { CallingName: '' })
    expect(cleared.PhoneNumber).toEqual({ ...before, UpdatedTimestamp })
    await spreadCallingNames()
    expect(await get(number)).toEqual(cleared.PhoneNumber)
  })

  test('gives a calling name to an assigned number too', async () => {
    const { E164PhoneNumber } = await givenAssigned(belfry, tenant)
    await update(E164PhoneNumber, { CallingName: 'Ann' })
    await spreadCallingNames()
    const expected = { Status: 'Assigned', CallingName: 'Ann', CallingNameStatus: 'UpdateSucceeded' }
    expect(await get(E164PhoneNumber)).toMatchObject(expected)
  })

  test('accepts one of many concurrent calling names', async () => {
    const number = await givenNumber(belfry, tenant)
    const names = Array.from({ length: 10 }, (_, index) => `Name ${index}`)
    const outcomes = await Promise.allSettled(names.map((CallingName) => update(number, { CallingName })))
    const won = names.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    expect(won).toEqual([(await get(number))?.CallingName])
  })

  test.each(['ab', 'A b 1', '   ', 'x'.repeat(15)])('accepts the calling name %j', async (CallingName) => {
    const number = await givenNumber(belfry, tenant)
    expect((await update(number, { CallingName })).PhoneNumber?.CallingName).toBe(CallingName)
  })

  test.each(['a', 'x'.repeat(16), 'Ann-Lee', 'Ännchen', "O'Neil", 'ab\n', 'ab\t', '😀😀'])(
    'refuses the calling name %j',
    async (CallingName) => {
      expect(await refused(update('+12065550100', { CallingName }))).toBe(
        invalid('CallingName', 'satisfy regular expression pattern: ^$|^[a-zA-Z0-9 ]{2,15}$'),
      )
    },
  )

  test.each([
    ['{"CallingName":7}', 'CallingName', 'be a string'],
    [
      '{"ProductType":"Voice Connector"}',
      'ProductType',
      'satisfy enum value set: [BusinessCalling, VoiceConnector, SipMediaApplicationDialIn]',
    ],
  ])('refuses the body %s', async (body, member, constraint) => {
    expect(refusedRaw(await raw('POST', '/+12065550100', body))).toBe(invalid(member, constraint))
  })

  test.each([
    '{}',
    '{"ProductType":null,"CallingName":null}',
    '{"ProductType":"VoiceConnector","CallingName":"Ann"}',
    '{"ProductType":"VoiceConnector","CallingName":""}',
  ])('refuses the body %s, which has neither or both of the members', async (body) => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    expect(refusedRaw(await raw('POST', `/${idOf(number)}`, body))).toBe(one)
    expect(await get(number)).toEqual(before)
  })

  test('refuses a number that is being acquired, could not be acquired or is in the deletion queue', async () => {
    const [coming = ''] = await belfry.stock(1)
    await order(tenant, [coming])
    expect(await refused(update(coming, { CallingName: 'Ann' }))).toBe(stillAcquiring)
    expect(await refused(update(coming, { ProductType: 'VoiceConnector' }))).toBe(stillAcquiring)
    await completeOrders(belfry)
    await chime.deletePhoneNumber({ PhoneNumberId: coming })
    expect(await refused(update(coming, { CallingName: 'Ann' }))).toBe(inDeletionQueue)
    expect(await refused(update(coming, { ProductType: 'BusinessCalling' }))).toBe(inDeletionQueue)
    const lost = await givenLostNumber(belfry, tenant)
    expect(await refused(update(lost, { CallingName: 'Ann' }))).toBe(notAcquired)
    expect(await refused(update(lost, { ProductType: 'VoiceConnector' }))).toBe(notAcquired)
  })
})
