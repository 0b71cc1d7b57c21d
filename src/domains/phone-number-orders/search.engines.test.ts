/** Searching for numbers that can be ordered, through the HTTP API. */
import type { Chime } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badRequest,
  badToken,
  badTokens,
  completeOrders,
  findOrder,
  foreignFacts,
  invalid,
  order,
  readPages,
  refused,
  refusedRaw,
  restricted,
  tollFreeFacts,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry({ RESTRICTED_AWS_ACCOUNTS: '999900009999' })

describe('SearchAvailablePhoneNumbers', () => {
  type Search = Parameters<Chime['searchAvailablePhoneNumbers']>[0]
  const find = async (search: Search) => (await chime.searchAvailablePhoneNumbers(search)).E164PhoneNumbers
  const search = (query: string) => sendSigned(belfry.url, tenant, { path: `/search?type=phone-numbers&${query}` })
  const refuse = (reason: string) => badRequest(`Service received a bad request: ${reason}`)

  test('answers compact JSON, with type at any place in the query', async () => {
    const numbers = await belfry.stock(2, { area_code: '301' })
    const body = `{"E164PhoneNumbers":${JSON.stringify(numbers)},"NextToken":null}`
    const first = await search('area-code=301')
    expect([first.status, first.body]).toEqual([200, body])
    const last = await sendSigned(belfry.url, tenant, { path: '/search?area-code=301&type=phone-numbers' })
    expect(last.body).toBe(body)
    expect((await search('area-code=302')).body).toBe('{"E164PhoneNumbers":[],"NextToken":null}')
  })

  test('finds American numbers by area code, city, state and type, also combined', async () => {
    const seattle = await belfry.stock(2, { area_code: '303', city_key: 'new seattle', state_key: 'zw' })
    const spokane = await belfry.stock(1, { area_code: '304', city_key: 'spokane', state_key: 'zw' })
    const portland = await belfry.stock(1, { area_code: '304', city_key: 'spokane', state_key: 'zo' })
    expect(await find({ AreaCode: '303' })).toEqual(seattle)
    expect(await find({ AreaCode: '304' })).toEqual([...spokane, ...portland])
    expect(await find({ State: 'ZW' })).toEqual([...seattle, ...spokane])
    expect(await find({ State: 'zw', City: 'New Seattle' })).toEqual(seattle)
    expect(await find({ State: 'ZO', City: 'SPOKANE', AreaCode: '304', Country: 'US' })).toEqual(portland)
    expect(await find({ State: 'ZO', AreaCode: '303' })).toEqual([])
    expect(await find({ AreaCode: '303', PhoneNumberType: 'Local' })).toEqual(seattle)
    expect(await find({ AreaCode: '303', PhoneNumberType: 'TollFree' })).toEqual([])
  })

  test('finds toll-free numbers by their prefix', async () => {
    const numbers = await belfry.stock(2, { ...tollFreeFacts, area_code: '844' })
    expect(await find({ TollFreePrefix: '844' })).toEqual(numbers)
    expect(await find({ TollFreePrefix: '844', PhoneNumberType: 'TollFree' })).toEqual(numbers)
    expect(await find({ TollFreePrefix: '800' })).toEqual([])
  })

  test('finds foreign numbers by country and type only', async () => {
    const numbers = await belfry.stock(2, foreignFacts)
    const british = { Country: 'GB', PhoneNumberType: 'Local' } as const
    expect(await find(british)).toEqual(expect.arrayContaining(numbers))
    expect(await find({ ...british, AreaCode: 'x', City: 'Leeds', State: 'WA', TollFreePrefix: '800' })).toEqual(
      await find(british),
    )
    expect(await find({ ...british, PhoneNumberType: 'TollFree' })).toEqual([])
    expect(await find({ ...british, Country: 'FR' })).toEqual([])
  })

  test('reserves no numbers, and shows no numbers that are ordered', async () => {
    const [first = '', second = ''] = await belfry.stock(2, { area_code: '305' })
    expect(await find({ AreaCode: '305' })).toEqual([first, second])
    await order(await belfry.tenant(), [first])
    expect(await find({ AreaCode: '305' })).toEqual([second])
    const ordered = await order(tenant, [second])
    await completeOrders(belfry)
    expect((await findOrder(tenant, ordered)).Status).toBe('Successful')
    expect(await find({ AreaCode: '305' })).toEqual([])
  })

  test.each(["' OR '1'='1", '%', '_', '__proto__', '😀', 'x'.repeat(1024)])('accepts %j as a name', async (name) => {
    expect(await find({ State: name })).toEqual([])
    expect(await find({ State: 'WA', City: name })).toEqual([])
  })

  test.each([
    ['', 'AreaCode, City, State or TollFreePrefix is needed'],
    ['country=US&phone-number-type=Local', 'AreaCode, City, State or TollFreePrefix is needed'],
    ['city=Seattle', 'City needs State'],
    ['city=Seattle&area-code=206', 'City needs State'],
    ['area-code=20', 'AreaCode must be three digits'],
    ['area-code=2066', 'AreaCode must be three digits'],
    ['area-code=20x', 'AreaCode must be three digits'],
    ['area-code=%EF%BC%92%EF%BC%90%EF%BC%96', 'AreaCode must be three digits'],
    ['toll-free-prefix=833&phone-number-type=Local', 'TollFreePrefix does not go with PhoneNumberType Local'],
    ['country=GB', 'PhoneNumberType is needed outside the United States'],
    ['country=GB&area-code=206', 'PhoneNumberType is needed outside the United States'],
  ])('refuses the incomplete or contradictory query "%s"', async (query, reason) => {
    expect(refusedRaw(await search(query))).toBe(refuse(reason))
  })

  test.each([
    ['country=us&phone-number-type=Local', 'Country', 'satisfy regular expression pattern: [A-Z]{2}'],
    ['country=USA&phone-number-type=Local', 'Country', 'satisfy regular expression pattern: [A-Z]{2}'],
    ['toll-free-prefix=822', 'TollFreePrefix', 'satisfy regular expression pattern: ^8(00|33|44|55|66|77|88)$'],
    ['area-code=206&phone-number-type=Mobile', 'PhoneNumberType', 'satisfy enum value set: [Local, TollFree]'],
    ['state=%00', 'State', 'be well-formed Unicode without NUL'],
    [`state=${'x'.repeat(1025)}`, 'State', 'have length less than or equal to 1024'],
  ])('refuses the query %s', async (query, member, constraint) => {
    expect(refusedRaw(await search(query))).toBe(invalid(member, constraint))
  })

  test.each(badMaxResults(500))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await search(`area-code=206&max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('shows 100 numbers on a page by default, and at most 500', async () => {
    const numbers = await belfry.stock(501, { area_code: '306' })
    const pages = await readPages((from) => chime.searchAvailablePhoneNumbers({ AreaCode: '306', ...from }))
    expect(pages.map(({ E164PhoneNumbers }) => E164PhoneNumbers?.length)).toEqual([100, 100, 100, 100, 100, 1])
    expect(pages.flatMap(({ E164PhoneNumbers }) => E164PhoneNumbers)).toEqual(numbers)
    const { E164PhoneNumbers, NextToken } = await chime.searchAvailablePhoneNumbers({
      AreaCode: '306',
      MaxResults: 500,
    })
    expect(E164PhoneNumbers).toEqual(numbers.slice(0, 500))
    expect(await find({ AreaCode: '306', MaxResults: 1, NextToken })).toEqual(numbers.slice(500))
  })

  test('accepts a token only for the search it was made for', async () => {
    const numbers = await belfry.stock(3, { area_code: '307', state_key: 'zx' })
    const { NextToken } = await chime.searchAvailablePhoneNumbers({ AreaCode: '307', MaxResults: 1 })
    await order(tenant, numbers.slice(0, 2))
    expect(await find({ AreaCode: '307', NextToken })).toEqual(numbers.slice(2))
    for (const other of [{ AreaCode: '308' }, { State: '307' }, { AreaCode: '307', State: 'ZX' }])
      expect(await refused(find({ ...other, NextToken }))).toBe(badToken)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.searchAvailablePhoneNumbers({ AreaCode: '307', NextToken }))).toBe(badToken)
    for (const garbage of badTokens) expect(await refused(find({ AreaCode: '307', NextToken: garbage }))).toBe(badToken)
  })

  test('refuses AWS accounts that are barred from telephony', async () => {
    const { chime: barred } = await belfry.tenant({ awsAccountId: '999900009999' })
    expect(await refused(barred.searchAvailablePhoneNumbers({ AreaCode: '206' }))).toBe(restricted)
  })
})
