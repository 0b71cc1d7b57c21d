/** The inventory, through the front door; who holds a number is tested in `associate.test.ts`. */
import { type Chime, type PhoneNumber, PhoneNumberStatus } from '@aws-sdk/client-chime'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Tenant, type TestBelfry, createClient, dayMs, startBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badRequest,
  badToken,
  badTokens,
  completeOrders,
  givenAccount,
  givenAssignable,
  givenNumber,
  givenNumbers,
  givenUser,
  hostileIds,
  impossibleIds,
  invalid,
  notFound,
  offerAgain,
  readPages,
  refused,
  refusedRaw,
  withdraw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const callingNameDelayMs = 600_000

let belfry: TestBelfry
let tenant: Tenant
let chime: Chime

beforeAll(async () => {
  belfry = await startBelfry({ CALLING_NAME_DELAY_MS: String(callingNameDelayMs) })
  tenant = await belfry.tenant()
  chime = tenant.chime
})

const inDeletionQueue = badRequest('The phone number is in the deletion queue; restore it first')
const stillAcquiring = badRequest('The phone number is still being acquired')
const notAcquired = badRequest('The phone number could not be acquired')
const held =
  '400 BadRequestException PhoneNumberAssociationsExist: The phone number is associated with a user; disassociate it first'
const tollFree = badRequest('Toll-free numbers cannot be of product type BusinessCalling')
const abroad = badRequest('Numbers from outside the United States must be of product type SipMediaApplicationDialIn')

const idOf = (number: string) => number.replace('+', '%2B')
const get = async (PhoneNumberId: string): Promise<PhoneNumber | undefined> =>
  (await chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber
const raw = (method: string, path: string, body?: string) =>
  sendSigned(belfry.url, tenant, { method, path: `/phone-numbers${path}`, ...(body !== undefined && { body }) })

async function order(
  numbers: string[],
  ProductType: 'BusinessCalling' | 'VoiceConnector' | 'SipMediaApplicationDialIn' = 'BusinessCalling',
  caller = tenant,
) {
  const { PhoneNumberOrder } = await caller.chime.createPhoneNumberOrder({ ProductType, E164PhoneNumbers: numbers })
  return PhoneNumberOrder
}

/** A number that the carrier did not deliver. */
async function givenLostNumber(): Promise<string> {
  const numbers = await belfry.stock(1)
  await order(numbers)
  await withdraw(belfry, numbers)
  await completeOrders(belfry)
  return numbers[0] ?? ''
}

async function givenAssigned() {
  const input = await givenAssignable(belfry, tenant)
  await chime.associatePhoneNumberWithUser(input)
  return input
}

async function passDays(days: number) {
  belfry.advance(days * dayMs)
  await belfry.runJobs()
}

async function spreadCallingNames() {
  belfry.advance(callingNameDelayMs)
  await belfry.runJobs()
}

describe('GetPhoneNumber', () => {
  test('shows a new number with the published defaults', async () => {
    const [number = ''] = await belfry.stock(1)
    const CreatedTimestamp = (await order([number]))?.CreatedTimestamp
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

  test('shows a toll-free number, which takes calls alone', async () => {
    const numbers = await belfry.stock(1, { type: 'TollFree', area_code: '833', city_key: null, state_key: null })
    await order(numbers, 'VoiceConnector')
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

  test('shows a number from abroad', async () => {
    const numbers = await belfry.stock(1, { country: 'GB', area_code: null, city_key: null, state_key: null })
    await order(numbers, 'SipMediaApplicationDialIn')
    await completeOrders(belfry)
    const expected = { Country: 'GB', Type: 'Local', ProductType: 'SipMediaApplicationDialIn', Status: 'Unassigned' }
    expect(await get(numbers[0] ?? '')).toMatchObject(expected)
  })

  test('shows a number on its way, and one that did not come', async () => {
    const [coming = ''] = await belfry.stock(1)
    await order([coming])
    expect((await get(coming))?.Status).toBe('AcquireInProgress')
    await completeOrders(belfry)
    expect((await get(await givenLostNumber()))?.Status).toBe('AcquireFailed')
  })
})

/** How one number can be spelt in a path, once decoded. */
const spellings: [string, (number: string) => string][] = [
  ['+1206…', (number) => number],
  ['%2B1206…', (number) => number.replace('+', '%2B')],
  ['%2b1206…', (number) => number.replace('+', '%2b')],
  ['1206…', (number) => number.replace('+', '')],
]

test.each(spellings)('an id spelt %s is known to every operation', async (_, spell) => {
  const number = await givenNumber(belfry, tenant)
  const PhoneNumberId = spell(number)
  expect((await get(PhoneNumberId))?.E164PhoneNumber).toBe(number)
  const updated = await chime.updatePhoneNumber({ PhoneNumberId, ProductType: 'VoiceConnector' })
  expect(updated.PhoneNumber?.PhoneNumberId).toBe(idOf(number))
  await chime.deletePhoneNumber({ PhoneNumberId })
  const restored = await chime.restorePhoneNumber({ PhoneNumberId })
  expect(restored.PhoneNumber?.PhoneNumberId).toBe(idOf(number))
})

test.each(['%2B', '+', '%252B', '%252b', ''])('on the wire the id may begin with %j', async (plus) => {
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

describe.each(operations)('%s finds no number', (name, call) => {
  test('of another AWS account, nor one in stock', async () => {
    const number = await givenNumber(belfry, tenant)
    if (name === 'RestorePhoneNumber') await chime.deletePhoneNumber({ PhoneNumberId: number })
    const before = await get(number)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(call(stranger, idOf(number)))).toBe(notFound('PhoneNumber', idOf(number)))
    expect(await get(number)).toEqual(before)
    const [inStock = ''] = await belfry.stock(1)
    expect(await refused(call(chime, idOf(inStock)))).toBe(notFound('PhoneNumber', idOf(inStock)))
  })

  test('by an id that is no number', async () => {
    const ids = ['abc', '1', '+02065550100', '+12065550100x', '++12065550100', '%2B%2B12065550100', '1'.repeat(16)]
    for (const id of [...ids, '+12065550100\n', '１２０６５５５０１００', ...hostileIds])
      expect(await refused(call(chime, id))).toBe(notFound('PhoneNumber', id))
    for (const [id, constraint] of impossibleIds)
      expect(await refused(call(chime, id))).toBe(invalid('PhoneNumberId', constraint))
  })
})

test.each(['/', '/%20', '/%09'])('a blank id: %s', async (path) => {
  expect(refusedRaw(await raw('GET', path))).toBe(
    invalid('PhoneNumberId', String.raw`satisfy regular expression pattern: .*\S.*`),
  )
})

describe('ListPhoneNumbers', () => {
  const list = (query: string) => raw('GET', `?${query}`)
  const idsOf = (page: { PhoneNumbers?: PhoneNumber[] | undefined }) =>
    page.PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber)

  test('lists whole numbers, oldest first, the deletion queue included', async () => {
    const owner = await belfry.tenant()
    const later = await belfry.stock(1)
    const numbers = await givenNumbers(belfry, owner, 2)
    await order(later, 'VoiceConnector', owner)
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

  test('filters by status, product type and holder, all together', async () => {
    const owner = await belfry.tenant()
    const input = await givenAssignable(belfry, owner)
    const { AccountId, UserId, E164PhoneNumber: assigned } = input
    await owner.chime.associatePhoneNumberWithUser(input)
    const free = await givenNumber(belfry, owner)
    const voice = await givenNumber(belfry, owner, 'VoiceConnector')
    const queued = await givenNumber(belfry, owner)
    await owner.chime.deletePhoneNumber({ PhoneNumberId: queued })
    const [lost = ''] = await belfry.stock(1)
    await order([lost], 'BusinessCalling', owner)
    await withdraw(belfry, [lost])
    await completeOrders(belfry)
    const [coming = ''] = await belfry.stock(1)
    await order([coming], 'BusinessCalling', owner)

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

  test('sees nothing of another AWS account', async () => {
    const { UserId, AccountId } = await givenAssigned()
    const { chime: stranger } = await belfry.tenant()
    expect(idsOf(await stranger.listPhoneNumbers())).toEqual([])
    expect(idsOf(await stranger.listPhoneNumbers({ FilterName: 'UserId', FilterValue: UserId }))).toEqual([])
    expect(idsOf(await stranger.listPhoneNumbers({ FilterName: 'AccountId', FilterValue: AccountId }))).toEqual([])
  })

  test.each(['filter-name=UserId', 'filter-value=x'])('refuses one half of a filter: %s', async (query) => {
    expect(refusedRaw(await list(query))).toBe(badRequest('FilterName and FilterValue must be given together'))
  })

  test.each([
    ['status=Lost', 'Status'],
    ['status=unassigned', 'Status'],
    ['product-type=Voice%20Connector', 'ProductType'],
    ['filter-name=__proto__&filter-value=x', 'FilterName'],
  ])('refuses %s', async (query, member) => {
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

  test('shows 99 to a page unless told, without gap or repeat', async () => {
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

  test('takes a token for the listing it was made for alone', async () => {
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

  test('changes nothing where the product type is the same, even of an assigned number', async () => {
    const { E164PhoneNumber } = await givenAssigned()
    const before = await get(E164PhoneNumber)
    belfry.advance(1_000)
    expect((await update(E164PhoneNumber, { ProductType: 'BusinessCalling' })).PhoneNumber).toEqual(before)
  })

  test('refuses another product type for an assigned number', async () => {
    const { E164PhoneNumber } = await givenAssigned()
    expect(await refused(update(E164PhoneNumber, { ProductType: 'VoiceConnector' }))).toBe(held)
    expect((await get(E164PhoneNumber))?.ProductType).toBe('BusinessCalling')
  })

  test('refuses a product type the number cannot have', async () => {
    const nowhere = { area_code: null, city_key: null, state_key: null }
    const [free = ''] = await belfry.stock(1, { type: 'TollFree', ...nowhere, area_code: '833' })
    const [british = ''] = await belfry.stock(1, { country: 'GB', ...nowhere })
    await order([free], 'VoiceConnector')
    await order([british], 'SipMediaApplicationDialIn')
    await completeOrders(belfry)
    expect(await refused(update(free, { ProductType: 'BusinessCalling' }))).toBe(tollFree)
    expect(await refused(update(british, { ProductType: 'BusinessCalling' }))).toBe(abroad)
    expect(await refused(update(british, { ProductType: 'VoiceConnector' }))).toBe(abroad)
    await update(free, { ProductType: 'SipMediaApplicationDialIn' })
    await update(british, { ProductType: 'SipMediaApplicationDialIn' })
  })

  test('spreads a new calling name by and by, one at a time', async () => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    const { PhoneNumber } = await update(number, { CallingName: 'Ann 1' })
    const UpdatedTimestamp = expect.any(Date)
    const pending = { ...before, CallingName: 'Ann 1', CallingNameStatus: 'UpdateInProgress', UpdatedTimestamp }
    expect(PhoneNumber).toEqual(pending)
    const conflict = '409 ConflictException Conflict: Request could not be completed due to a conflict'
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
    const { E164PhoneNumber } = await givenAssigned()
    await update(E164PhoneNumber, { CallingName: 'Ann' })
    await spreadCallingNames()
    const expected = { Status: 'Assigned', CallingName: 'Ann', CallingNameStatus: 'UpdateSucceeded' }
    expect(await get(E164PhoneNumber)).toMatchObject(expected)
  })

  test('lets one of many calling names at once win', async () => {
    const number = await givenNumber(belfry, tenant)
    const names = Array.from({ length: 10 }, (_, index) => `Name ${index}`)
    const outcomes = await Promise.allSettled(names.map((CallingName) => update(number, { CallingName })))
    const won = names.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    expect(won).toEqual([(await get(number))?.CallingName])
  })

  test.each(['ab', 'A b 1', '   ', 'x'.repeat(15)])('takes the calling name %j', async (CallingName) => {
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
  ])('refuses %s', async (body, member, constraint) => {
    expect(refusedRaw(await raw('POST', '/+12065550100', body))).toBe(invalid(member, constraint))
  })

  test.each([
    '{}',
    '{"ProductType":null,"CallingName":null}',
    '{"ProductType":"VoiceConnector","CallingName":"Ann"}',
    '{"ProductType":"VoiceConnector","CallingName":""}',
  ])('refuses none and both: %s', async (body) => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    expect(refusedRaw(await raw('POST', `/${idOf(number)}`, body))).toBe(one)
    expect(await get(number)).toEqual(before)
  })

  test('refuses a number on its way in or out, or that did not come', async () => {
    const [coming = ''] = await belfry.stock(1)
    await order([coming])
    expect(await refused(update(coming, { CallingName: 'Ann' }))).toBe(stillAcquiring)
    expect(await refused(update(coming, { ProductType: 'VoiceConnector' }))).toBe(stillAcquiring)
    await completeOrders(belfry)
    await chime.deletePhoneNumber({ PhoneNumberId: coming })
    expect(await refused(update(coming, { CallingName: 'Ann' }))).toBe(inDeletionQueue)
    expect(await refused(update(coming, { ProductType: 'BusinessCalling' }))).toBe(inDeletionQueue)
    const lost = await givenLostNumber()
    expect(await refused(update(lost, { CallingName: 'Ann' }))).toBe(notAcquired)
    expect(await refused(update(lost, { ProductType: 'VoiceConnector' }))).toBe(notAcquired)
  })
})

describe('DeletePhoneNumber', () => {
  test('moves the number to the deletion queue, once', async () => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    belfry.advance(1_000)
    const answer = await raw('DELETE', `/${encodeURIComponent(idOf(number))}`)
    expect([answer.status, answer.body]).toEqual([204, ''])
    const queued = await get(number)
    expect(queued).toEqual({
      ...before,
      Status: 'ReleaseInProgress',
      DeletionTimestamp: expect.any(Date),
      UpdatedTimestamp: queued?.DeletionTimestamp,
    })
    expect(Math.abs(Number(queued?.DeletionTimestamp) - Number(tenant.now()))).toBeLessThan(5_000)
    belfry.advance(60_000)
    expect((await chime.deletePhoneNumber({ PhoneNumberId: number })).$metadata.httpStatusCode).toBe(204)
    expect(await get(number)).toEqual(queued)
  })

  test('refuses a number that a user holds', async () => {
    const { E164PhoneNumber } = await givenAssigned()
    expect(await refused(chime.deletePhoneNumber({ PhoneNumberId: E164PhoneNumber }))).toBe(held)
    expect(await get(E164PhoneNumber)).toMatchObject({ Status: 'Assigned' })
  })

  test('refuses a number on its way', async () => {
    const [coming = ''] = await belfry.stock(1)
    await order([coming])
    expect(await refused(chime.deletePhoneNumber({ PhoneNumberId: coming }))).toBe(stillAcquiring)
    await completeOrders(belfry)
    expect((await get(coming))?.Status).toBe('Unassigned')
  })

  test('wins against an association at the same time, or loses, never half', async () => {
    const numbers = await givenNumbers(belfry, tenant, 10)
    const AccountId = await givenAccount(tenant)
    const users = await Promise.all(numbers.map(() => givenUser(tenant, AccountId)))
    const calls = numbers.flatMap((PhoneNumberId, index) => [
      chime.deletePhoneNumber({ PhoneNumberId }),
      chime.associatePhoneNumberWithUser({ AccountId, UserId: users[index], E164PhoneNumber: PhoneNumberId }),
    ])
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    for (const number of numbers) {
      const { Associations = [], DeletionTimestamp } = (await get(number)) ?? {}
      expect([Associations.length, DeletionTimestamp !== undefined]).toBeOneOf([
        [2, false],
        [0, true],
      ])
    }
  })

  test('can be undone for 7 days, then the number is gone', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    belfry.advance(7 * dayMs - 60_000)
    await belfry.runJobs()
    expect((await get(number))?.Status).toBe('ReleaseInProgress')
    belfry.advance(60_000)
    await belfry.runJobs()
    for (const [, call] of operations)
      expect(await refused(call(chime, number))).toBe(notFound('PhoneNumber', idOf(number)))
    const { PhoneNumbers } = await chime.listPhoneNumbers({ Status: 'ReleaseInProgress' })
    expect(PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber)).not.toContain(number)
  })

  test('lets anybody order the number afterwards, as if it were new', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.updatePhoneNumber({ PhoneNumberId: number, CallingName: 'Ann' })
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    const early = await belfry.tenant()
    await order([number], 'BusinessCalling', early)
    await completeOrders(belfry)
    expect(await refused(early.chime.getPhoneNumber({ PhoneNumberId: number }))).toContain('404 NotFoundException')
    await passDays(7)
    const next = await belfry.tenant()
    const { CreatedTimestamp } = (await order([number], 'VoiceConnector', next)) ?? {}
    await completeOrders(belfry)
    const { PhoneNumber } = await next.chime.getPhoneNumber({ PhoneNumberId: number })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', ProductType: 'VoiceConnector', CreatedTimestamp })
    expect(PhoneNumber).toMatchObject({ CallingNameStatus: 'Unassigned' })
    expect(PhoneNumber?.CallingName).toBeUndefined()
    expect(await refused(chime.getPhoneNumber({ PhoneNumberId: number }))).toContain('404 NotFoundException')
  })

  test('lets the same AWS account order the number again', async () => {
    const { E164PhoneNumber: number, ...user } = await givenAssigned()
    await chime.disassociatePhoneNumberFromUser(user)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    await passDays(7)
    await order([number])
    await completeOrders(belfry)
    expect(await get(number)).toMatchObject({ Status: 'Unassigned', Associations: [] })
    await chime.associatePhoneNumberWithUser({ ...user, E164PhoneNumber: number })
  })

  test('counts the days of each number by itself', async () => {
    const [first = '', second = ''] = await givenNumbers(belfry, tenant, 2)
    await chime.deletePhoneNumber({ PhoneNumberId: first })
    await passDays(4)
    await chime.deletePhoneNumber({ PhoneNumberId: second })
    await passDays(3)
    expect(await refused(chime.getPhoneNumber({ PhoneNumberId: first }))).toContain('404 NotFoundException')
    expect((await get(second))?.Status).toBe('ReleaseInProgress')
    await passDays(4)
    expect(await refused(chime.getPhoneNumber({ PhoneNumberId: second }))).toContain('404 NotFoundException')
  })
})

describe('RestorePhoneNumber', () => {
  test('brings the number back as it was', async () => {
    const number = await givenNumber(belfry, tenant, 'VoiceConnector')
    await chime.updatePhoneNumber({ PhoneNumberId: number, CallingName: 'Ann' })
    await spreadCallingNames()
    const before = await get(number)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    belfry.advance(1_000)
    const { PhoneNumber, $metadata } = await chime.restorePhoneNumber({ PhoneNumberId: number })
    expect($metadata.httpStatusCode).toBe(200)
    expect(PhoneNumber).toEqual({ ...before, UpdatedTimestamp: expect.any(Date) })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', CallingName: 'Ann', ProductType: 'VoiceConnector' })
    expect(Number(PhoneNumber?.UpdatedTimestamp)).toBeGreaterThanOrEqual(Number(before?.UpdatedTimestamp) + 1_000)
    expect(await get(number)).toEqual(PhoneNumber)
    await passDays(8)
    expect((await get(number))?.Status).toBe('Unassigned')
  })

  test('shows that nothing is deleted any more', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    const { body } = await raw('POST', `/${encodeURIComponent(idOf(number))}?operation=restore`)
    expect(body).toContain('"DeletionTimestamp":null')
    expect(body).toContain('"Associations":[]')
  })

  test('starts the days anew when the number is deleted again', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    await passDays(5)
    await chime.restorePhoneNumber({ PhoneNumberId: number })
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    await passDays(5)
    expect((await chime.restorePhoneNumber({ PhoneNumberId: number })).PhoneNumber?.Status).toBe('Unassigned')
  })

  test('refuses a number that is not in the deletion queue', async () => {
    const { E164PhoneNumber: assigned } = await givenAssigned()
    const [coming = ''] = await belfry.stock(1)
    await order([coming])
    for (const PhoneNumberId of [assigned, coming, await givenNumber(belfry, tenant)])
      expect(await refused(chime.restorePhoneNumber({ PhoneNumberId }))).toBe(
        badRequest('The phone number is not in the deletion queue'),
      )
    await completeOrders(belfry)
  })

  test('is refused over the quota', async () => {
    const owner = await belfry.tenant()
    const [first, second] = await givenNumbers(belfry, owner, 2)
    await owner.chime.deletePhoneNumber({ PhoneNumberId: first })
    const strict = await startBelfry({
      DATABASE: belfry.databaseUrl,
      PHONE_NUMBER_QUOTA: '1',
      CLOCK_SKEW_SECONDS: '86400',
    })
    strict.advance(Number(owner.now()) - Date.now())
    const client = createClient(strict.url, owner.credentials, { systemClockOffset: Number(owner.now()) - Date.now() })
    expect(await refused(client.restorePhoneNumber({ PhoneNumberId: first }))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 1 phone numbers per AWS account would be exceeded',
    )
    expect((await owner.chime.getPhoneNumber({ PhoneNumberId: first })).PhoneNumber?.Status).toBe('ReleaseInProgress')
    expect((await owner.chime.getPhoneNumber({ PhoneNumberId: second })).PhoneNumber?.Status).toBe('Unassigned')
  })
})

describe('a number that did not come', () => {
  test('does not become usable by way of the deletion queue', async () => {
    const PhoneNumberId = await givenLostNumber()
    const { AccountId, UserId } = await givenAssignable(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId }).catch(() => {})
    await chime.restorePhoneNumber({ PhoneNumberId }).catch(() => {})
    const call = chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber: PhoneNumberId })
    expect(await refused(call)).toMatch(/^40[04] /)
    expect((await chime.listPhoneNumbers({ FilterName: 'UserId', FilterValue: UserId })).PhoneNumbers).toEqual([])
  })

  test('can be ordered again once the carrier has it again', async () => {
    const number = await givenLostNumber()
    await offerAgain(belfry, number)
    const { PhoneNumberOrderId, Status } = (await order([number])) ?? {}
    expect(Status).toBe('Processing')
    await completeOrders(belfry)
    const { PhoneNumberOrder } = await chime.getPhoneNumberOrder({ PhoneNumberOrderId })
    expect(PhoneNumberOrder?.Status).toBe('Successful')
    expect((await get(number))?.Status).toBe('Unassigned')
  })

  test('is not put back into stock while another AWS account has it', async () => {
    const number = await givenLostNumber()
    await offerAgain(belfry, number)
    const winner = await belfry.tenant()
    await order([number], 'BusinessCalling', winner)
    await completeOrders(belfry)
    expect((await winner.chime.getPhoneNumber({ PhoneNumberId: number })).PhoneNumber?.Status).toBe('Unassigned')
    await chime.deletePhoneNumber({ PhoneNumberId: number }).catch(() => {})
    await passDays(8)
    const third = await belfry.tenant()
    await order([number], 'BusinessCalling', third)
    await completeOrders(belfry)
    expect(await refused(third.chime.getPhoneNumber({ PhoneNumberId: number }))).toContain('404 NotFoundException')
  })
})

test('numbers belong to the AWS account, not to a Chime account', async () => {
  const { E164PhoneNumber, ...first } = await givenAssigned()
  await chime.disassociatePhoneNumberFromUser(first)
  const AccountId = await givenAccount(tenant, 'Other')
  const { User } = await chime.createUser({ AccountId, Username: 'Ann' })
  await chime.associatePhoneNumberWithUser({ AccountId, UserId: User?.UserId, E164PhoneNumber })
  const values = (await get(E164PhoneNumber))?.Associations?.map(({ Value }) => Value)
  expect(values).toEqual([AccountId, User?.UserId])
})
