import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { givenAssignable, givenNumber, givenNumbers, refused, restricted } from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry({ RESTRICTED_AWS_ACCOUNTS: '999900009999' })

const statusOf = async (PhoneNumberId: string) =>
  (await tenant.chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber?.Status
const unknown = '+12069999999'
const notFound = { ErrorCode: 'NotFound', ErrorMessage: "Could not find PhoneNumber with Id '%2B12069999999'" }

async function givenAssigned() {
  const input = await givenAssignable(belfry, tenant)
  await tenant.chime.associatePhoneNumberWithUser(input)
  return input.E164PhoneNumber
}

describe('BatchDeletePhoneNumber', () => {
  test('deletes the numbers that it can, and reports the others with the ids of the request', async () => {
    const [first = '', second = ''] = await givenNumbers(belfry, tenant, 2)
    const assigned = await givenAssigned()
    const PhoneNumberIds = [first, second.replace('+', '%2B'), unknown, assigned.slice(1), first]
    const { PhoneNumberErrors } = await tenant.chime.batchDeletePhoneNumber({ PhoneNumberIds })
    expect(PhoneNumberErrors).toEqual([
      { PhoneNumberId: unknown, ...notFound },
      {
        PhoneNumberId: assigned.slice(1),
        ErrorCode: 'PhoneNumberAssociationsExist',
        ErrorMessage: 'The phone number is associated with a user; disassociate it first',
      },
    ])
    expect([await statusOf(first), await statusOf(second), await statusOf(assigned)]).toEqual([
      'ReleaseInProgress',
      'ReleaseInProgress',
      'Assigned',
    ])
  })

  test('answers an empty list if all numbers are deleted', async () => {
    const body = JSON.stringify({ PhoneNumberIds: [await givenNumber(belfry, tenant)] })
    const answer = await sendSigned(belfry.url, tenant, {
      method: 'POST',
      path: '/phone-numbers?operation=batch-delete',
      body,
    })
    expect([answer.status, answer.body]).toEqual([200, '{"PhoneNumberErrors":[]}'])
  })

  test.each([0, 51])('refuses %i ids', async (count) => {
    const PhoneNumberIds = Array.from({ length: count }, () => unknown)
    expect(await refused(tenant.chime.batchDeletePhoneNumber({ PhoneNumberIds }))).toMatch(
      /^400 BadRequestException BadRequest: 1 validation error detected: Value at 'PhoneNumberIds'/,
    )
  })
})

describe('BatchUpdatePhoneNumber', () => {
  test('changes the numbers that it can, and reports an error for each of the others', async () => {
    const [named = '', moved = '', both = ''] = await givenNumbers(belfry, tenant, 3)
    const assigned = await givenAssigned()
    const { PhoneNumberErrors } = await tenant.chime.batchUpdatePhoneNumber({
      UpdatePhoneNumberRequestItems: [
        { PhoneNumberId: named, CallingName: 'Ann' },
        { PhoneNumberId: named, CallingName: 'Bob' },
        { PhoneNumberId: moved, ProductType: 'VoiceConnector' },
        { PhoneNumberId: both, ProductType: 'VoiceConnector', CallingName: 'Cy' },
        { PhoneNumberId: both },
        { PhoneNumberId: unknown, CallingName: 'Di' },
        { PhoneNumberId: assigned, ProductType: 'VoiceConnector' },
        { PhoneNumberId: assigned, CallingName: 'Ed' },
      ],
    })
    expect(PhoneNumberErrors?.map(({ PhoneNumberId, ErrorCode }) => [PhoneNumberId, ErrorCode])).toEqual([
      [named, 'Conflict'],
      [both, 'BadRequest'],
      [both, 'BadRequest'],
      [unknown, 'NotFound'],
      [assigned, 'PhoneNumberAssociationsExist'],
    ])
    const read = async (PhoneNumberId: string) => (await tenant.chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber
    expect(await read(named)).toMatchObject({ CallingName: 'Ann', CallingNameStatus: 'UpdateInProgress' })
    expect((await read(moved))?.ProductType).toBe('VoiceConnector')
    expect(await read(both)).toMatchObject({ ProductType: 'BusinessCalling', CallingNameStatus: 'Unassigned' })
    expect((await read(assigned))?.CallingName).toBe('Ed')
  })

  test('refuses the whole request if an item names no number, or if there are no items or more than 50', async () => {
    const path = '/phone-numbers?operation=batch-update'
    const items = [[{ CallingName: 'x' }], [], Array.from({ length: 51 }, () => ({ PhoneNumberId: unknown }))]
    for (const UpdatePhoneNumberRequestItems of items) {
      const body = JSON.stringify({ UpdatePhoneNumberRequestItems })
      const answer = await sendSigned(belfry.url, tenant, { method: 'POST', path, body })
      expect([answer.status, answer.json['Code']]).toEqual([400, 'BadRequest'])
    }
  })
})

describe('ListSupportedPhoneNumberCountries', () => {
  const list = async (ProductType: 'BusinessCalling' | 'VoiceConnector' | 'SipMediaApplicationDialIn') =>
    Object.fromEntries(
      ((await tenant.chime.listSupportedPhoneNumberCountries({ ProductType })).PhoneNumberCountries ?? []).map(
        ({ CountryCode, SupportedPhoneNumberTypes }) => [CountryCode, SupportedPhoneNumberTypes],
      ),
    )

  test('lists the countries and number types of a product', async () => {
    expect(await list('BusinessCalling')).toEqual({ US: ['Local'], PR: ['Local'] })
    expect(await list('VoiceConnector')).toEqual({ US: ['Local', 'TollFree'], PR: ['Local', 'TollFree'] })
    const abroad = await list('SipMediaApplicationDialIn')
    expect(Object.keys(abroad)).toHaveLength(15)
    expect(abroad).toMatchObject({ US: ['Local', 'TollFree'], GB: ['Local'] })
  })

  test('requires a product, and an AWS account that is not barred from telephony', async () => {
    for (const query of ['', '?product-type=Carrier']) {
      const answer = await sendSigned(belfry.url, tenant, { path: `/phone-number-countries${query}` })
      expect([answer.status, answer.json['Code']]).toEqual([400, 'BadRequest'])
    }
    const { chime } = await belfry.tenant({ awsAccountId: '999900009999' })
    const call = chime.listSupportedPhoneNumberCountries({ ProductType: 'BusinessCalling' })
    expect(await refused(call)).toBe(restricted)
  })
})
