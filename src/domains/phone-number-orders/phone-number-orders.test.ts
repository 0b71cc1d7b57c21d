/** Finding numbers and ordering them, through the front door. */
import type { Chime, PhoneNumberOrder, PhoneNumberProductType } from '@aws-sdk/client-chime'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Tenant, type TestBelfry, dayMs, startBelfry } from '../../../test/support/belfry.ts'
import {
  badMaxResults,
  badRequest,
  badToken,
  badTokens,
  completeOrders,
  givenNumber,
  invalid,
  notFound,
  readPages,
  refused,
  refusedRaw,
  uuid,
  withdraw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

let belfry: TestBelfry
let tenant: Tenant
let chime: Chime

beforeAll(async () => {
  belfry = await startBelfry({ RESTRICTED_AWS_ACCOUNTS: '999900009999' })
  tenant = await belfry.tenant()
  chime = tenant.chime
})

const restricted = '403 AccessDeniedException AccessDenied: Service is restricted for AWSAccountId 999900009999'
const overQuota =
  '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 25 phone numbers per AWS account would be exceeded'
const tollFreeFacts = { type: 'TollFree', area_code: '833', city_key: null, state_key: null } as const
const foreignFacts = { country: 'GB', area_code: null, city_key: null, state_key: null } as const

const order = (
  E164PhoneNumbers: string[],
  ProductType: PhoneNumberProductType = 'BusinessCalling',
  caller = tenant,
): Promise<PhoneNumberOrder> =>
  caller.chime
    .createPhoneNumberOrder({ ProductType, E164PhoneNumbers })
    .then(({ PhoneNumberOrder }) => PhoneNumberOrder ?? {})

const findOrder = async ({ PhoneNumberOrderId }: PhoneNumberOrder, caller = tenant): Promise<PhoneNumberOrder> =>
  (await caller.chime.getPhoneNumberOrder({ PhoneNumberOrderId })).PhoneNumberOrder ?? {}

async function finish(ordered: PhoneNumberOrder, caller = tenant) {
  await completeOrders(belfry)
  return findOrder(ordered, caller)
}

const linesOf = ({ OrderedPhoneNumbers = [] }: PhoneNumberOrder) =>
  OrderedPhoneNumbers.map(({ E164PhoneNumber, Status }) => [E164PhoneNumber, Status])

const inventoryOf = async (caller: Tenant) =>
  (await caller.chime.listPhoneNumbers()).PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber)

describe('SearchAvailablePhoneNumbers', () => {
  type Search = Parameters<Chime['searchAvailablePhoneNumbers']>[0]
  const find = async (search: Search) => (await chime.searchAvailablePhoneNumbers(search)).E164PhoneNumbers
  const search = (query: string) => sendSigned(belfry.url, tenant, { path: `/search?type=phone-numbers&${query}` })
  const refuse = (reason: string) => badRequest(`Service received a bad request: ${reason}`)

  test('answers compact JSON, wherever type stands in the query', async () => {
    const numbers = await belfry.stock(2, { area_code: '301' })
    const body = `{"E164PhoneNumbers":${JSON.stringify(numbers)},"NextToken":null}`
    const first = await search('area-code=301')
    expect([first.status, first.body]).toEqual([200, body])
    const last = await sendSigned(belfry.url, tenant, { path: '/search?area-code=301&type=phone-numbers' })
    expect(last.body).toBe(body)
    expect((await search('area-code=302')).body).toBe('{"E164PhoneNumbers":[],"NextToken":null}')
  })

  test('finds American numbers by area code, city, state and type, all together', async () => {
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

  test('finds numbers abroad by their type alone', async () => {
    const numbers = await belfry.stock(2, foreignFacts)
    const british = { Country: 'GB', PhoneNumberType: 'Local' } as const
    expect(await find(british)).toEqual(expect.arrayContaining(numbers))
    expect(await find({ ...british, AreaCode: 'x', City: 'Leeds', State: 'WA', TollFreePrefix: '800' })).toEqual(
      await find(british),
    )
    expect(await find({ ...british, PhoneNumberType: 'TollFree' })).toEqual([])
    expect(await find({ ...british, Country: 'FR' })).toEqual([])
  })

  test('reserves nothing, and shows nothing that is taken', async () => {
    const [first = '', second = ''] = await belfry.stock(2, { area_code: '305' })
    expect(await find({ AreaCode: '305' })).toEqual([first, second])
    await order([first], 'BusinessCalling', await belfry.tenant())
    expect(await find({ AreaCode: '305' })).toEqual([second])
    expect((await finish(await order([second]))).Status).toBe('Successful')
    expect(await find({ AreaCode: '305' })).toEqual([])
  })

  test.each(["' OR '1'='1", '%', '_', '__proto__', '😀', 'x'.repeat(1024)])('takes %.20j for a name', async (name) => {
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
  ])('refuses what does not go together: %s', async (query, reason) => {
    expect(refusedRaw(await search(query))).toBe(refuse(reason))
  })

  test.each([
    ['country=us&phone-number-type=Local', 'Country', 'satisfy regular expression pattern: [A-Z]{2}'],
    ['country=USA&phone-number-type=Local', 'Country', 'satisfy regular expression pattern: [A-Z]{2}'],
    ['toll-free-prefix=822', 'TollFreePrefix', 'satisfy regular expression pattern: ^8(00|33|44|55|66|77|88)$'],
    ['area-code=206&phone-number-type=Mobile', 'PhoneNumberType', 'satisfy enum value set: [Local, TollFree]'],
    ['state=%00', 'State', 'be well-formed Unicode without NUL'],
    [`state=${'x'.repeat(1025)}`, 'State', 'have length less than or equal to 1024'],
  ])('refuses %.60s', async (query, member, constraint) => {
    expect(refusedRaw(await search(query))).toBe(invalid(member, constraint))
  })

  test.each(badMaxResults(500))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await search(`area-code=206&max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('shows 100 to a page unless told, and at most 500', async () => {
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

  test('takes a token for the search it was made for alone', async () => {
    const numbers = await belfry.stock(3, { area_code: '307', state_key: 'zx' })
    const { NextToken } = await chime.searchAvailablePhoneNumbers({ AreaCode: '307', MaxResults: 1 })
    await order(numbers.slice(0, 2))
    expect(await find({ AreaCode: '307', NextToken })).toEqual(numbers.slice(2))
    for (const other of [{ AreaCode: '308' }, { State: '307' }, { AreaCode: '307', State: 'ZX' }])
      expect(await refused(find({ ...other, NextToken }))).toBe(badToken)
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.searchAvailablePhoneNumbers({ AreaCode: '307', NextToken }))).toBe(badToken)
    for (const garbage of badTokens) expect(await refused(find({ AreaCode: '307', NextToken: garbage }))).toBe(badToken)
  })

  test('is closed to AWS accounts that are barred from telephony', async () => {
    const { chime: barred } = await belfry.tenant({ awsAccountId: '999900009999' })
    expect(await refused(barred.searchAvailablePhoneNumbers({ AreaCode: '206' }))).toBe(restricted)
  })
})

describe('CreatePhoneNumberOrder', () => {
  const post = (body: string) => sendSigned(belfry.url, tenant, { method: 'POST', path: '/phone-number-orders', body })

  test('answers at once, and is done seconds later', async () => {
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

  test('is done after the delay, not before', async () => {
    const slow = await startBelfry({ ORDER_DELAY_MS: '60000' })
    const owner = await slow.tenant()
    const ordered = await order(await slow.stock(1), 'BusinessCalling', owner)
    await slow.runJobs()
    slow.advance(50_000)
    await slow.runJobs()
    expect(await findOrder(ordered, owner)).toEqual(ordered)
    slow.advance(10_000)
    await slow.runJobs()
    const done = await findOrder(ordered, owner)
    expect(done.Status).toBe('Successful')
    slow.advance(60_000)
    await slow.runJobs()
    expect(await findOrder(ordered, owner)).toEqual(done)
  })

  test('is Partial where some numbers do not come, and Failed where none does', async () => {
    const [inStock = '', withdrawn = ''] = await belfry.stock(2)
    const owned = await givenNumber(belfry, tenant)
    const foreign = await givenNumber(belfry, await belfry.tenant())
    const partial = await order([owned, inStock, foreign, withdrawn, '+12069999999'])
    expect(new Set(linesOf(partial).map(([, Status]) => Status))).toEqual(new Set(['Processing']))
    const failed = await order([owned, inStock])
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
    const none = await findOrder(failed)
    expect([none.Status, ...linesOf(none)]).toEqual(['Failed', [owned, 'Failed'], [inStock, 'Failed']])
    expect((await chime.getPhoneNumber({ PhoneNumberId: owned })).PhoneNumber?.Status).toBe('Unassigned')
    expect((await chime.getPhoneNumber({ PhoneNumberId: inStock })).PhoneNumber?.Status).toBe('Unassigned')
    expect((await chime.getPhoneNumber({ PhoneNumberId: withdrawn })).PhoneNumber?.Status).toBe('AcquireFailed')
    for (const PhoneNumberId of [foreign, '+12069999999'])
      expect(await refused(chime.getPhoneNumber({ PhoneNumberId }))).toContain('404 NotFoundException')
  })

  test('collapses duplicates, and does without the plus', async () => {
    const [number = '', other = ''] = await belfry.stock(2)
    const ordered = await order([number, number.slice(1), other, number])
    expect(linesOf(await finish(ordered))).toEqual([
      [number, 'Acquired'],
      [other, 'Acquired'],
    ])
  })

  test('gives each of the numbers that two tenants order at once to one of them', async () => {
    const numbers = await belfry.stock(20)
    const tenants = [await belfry.tenant(), await belfry.tenant()]
    const calls = numbers.flatMap((number) => tenants.map((caller) => order([number], 'BusinessCalling', caller)))
    const orders = await Promise.all(calls)
    await completeOrders(belfry)
    const states = await Promise.all(orders.map(async (it, index) => (await findOrder(it, tenants[index % 2])).Status))
    for (let index = 0; index < states.length; index += 2)
      expect(states.slice(index, index + 2).toSorted()).toEqual(['Failed', 'Successful'])
    const inventories = await Promise.all(tenants.map(inventoryOf))
    expect(inventories.flat().toSorted()).toEqual(numbers.toSorted())
  })

  test('gives a number once to one who orders it twice at once', async () => {
    const owner = await belfry.tenant()
    const numbers = await belfry.stock(5)
    await Promise.all(Array.from({ length: 5 }, () => order(numbers, 'BusinessCalling', owner)))
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
  ] as const)('%s: %s %s', async (message, product, number) => {
    const [inStock = ''] = await belfry.stock(1)
    const owner = await belfry.tenant()
    expect(await refused(order([inStock, number], product, owner))).toContain(badRequest(message))
    expect((await owner.chime.listPhoneNumberOrders()).PhoneNumberOrders).toEqual([])
    expect((await finish(await order([inStock]))).Status).toBe('Successful')
  })

  test('orders toll-free numbers and numbers abroad for what they can be', async () => {
    const tollFree = await belfry.stock(2, tollFreeFacts)
    const abroad = await belfry.stock(1, foreignFacts)
    const orders = [
      await order(tollFree.slice(0, 1), 'VoiceConnector'),
      await order(tollFree.slice(1), 'SipMediaApplicationDialIn'),
      await order(abroad, 'SipMediaApplicationDialIn'),
    ]
    await completeOrders(belfry)
    for (const ordered of orders) expect((await findOrder(ordered)).Status).toBe('Successful')
  })

  test('takes Puerto Rico for American', async () => {
    expect((await finish(await order(['+17875550100']))).Status).toBe('Failed')
    expect((await finish(await order(['+17875550100'], 'VoiceConnector'))).Status).toBe('Failed')
  })

  test('takes 50 numbers, not 51, counted before duplicates collapse', async () => {
    const numbers = await belfry.stock(50)
    const tooMany = order([...numbers, numbers[0] ?? ''])
    expect(await refused(tooMany)).toBe(invalid('E164PhoneNumbers', 'have length less than or equal to 50'))
    const done = await finish(await order(numbers))
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
  ])('refuses {%s}', async (members, member, constraint) => {
    expect(refusedRaw(await post(`{${members}}`))).toBe(invalid(member, constraint))
  })

  test('is closed to AWS accounts that are barred from telephony', async () => {
    const barred = await belfry.tenant({ awsAccountId: '999900009999' })
    expect(await refused(order(['+12065550100'], 'BusinessCalling', barred))).toBe(restricted)
  })
})

describe('the quota', () => {
  let strict: TestBelfry
  let owner: Tenant

  beforeAll(async () => {
    strict = await startBelfry({ PHONE_NUMBER_QUOTA: '25' })
  })

  const orderHere = (numbers: string[], caller = owner) => order(numbers, 'BusinessCalling', caller)
  async function fill(count: number) {
    owner = await strict.tenant()
    const numbers = await strict.stock(count)
    await orderHere(numbers)
    await completeOrders(strict)
    return numbers
  }

  test('is what an AWS account may have, each by itself', async () => {
    await fill(25)
    const [number = ''] = await strict.stock(1)
    expect(await refused(orderHere([number]))).toBe(overQuota)
    expect(await inventoryOf(owner)).toHaveLength(25)
    expect((await owner.chime.listPhoneNumberOrders()).PhoneNumberOrders).toHaveLength(1)
    const neighbour = await strict.tenant()
    await orderHere([number], neighbour)
    expect(await inventoryOf(neighbour)).toEqual([number])
  })

  test('is not gone past by one order', async () => {
    owner = await strict.tenant()
    const numbers = await strict.stock(26)
    expect(await refused(orderHere(numbers))).toBe(overQuota)
    await orderHere([...numbers.slice(0, 25), numbers[0] ?? ''])
    expect(await inventoryOf(owner)).toHaveLength(25)
  })

  test('is not gone past by orders at once', async () => {
    owner = await strict.tenant()
    const batches = await Promise.all(Array.from({ length: 5 }, () => strict.stock(10)))
    const outcomes = await Promise.allSettled(batches.map((numbers) => orderHere(numbers)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    expect(await inventoryOf(owner)).toHaveLength(20)
  })

  test('counts the deletion queue, until the numbers are purged', async () => {
    const [first] = await fill(25)
    const [number = ''] = await strict.stock(1)
    await owner.chime.deletePhoneNumber({ PhoneNumberId: first })
    expect(await refused(orderHere([number]))).toBe(overQuota)
    await owner.chime.restorePhoneNumber({ PhoneNumberId: first })
    await owner.chime.deletePhoneNumber({ PhoneNumberId: first })
    strict.advance(7 * dayMs)
    await strict.runJobs()
    await orderHere([number])
    expect(await inventoryOf(owner)).toHaveLength(25)
  })

  test('does not count numbers that never were in stock', async () => {
    await fill(24)
    await orderHere(['+12069999998'])
    await completeOrders(strict)
    await orderHere(await strict.stock(1))
    expect(await inventoryOf(owner)).toHaveLength(25)
  })
})

describe('GetPhoneNumberOrder', () => {
  test('finds an order by its id in any case', async () => {
    const ordered = await order(await belfry.stock(1))
    const { PhoneNumberOrder, $metadata } = await chime.getPhoneNumberOrder(ordered as { PhoneNumberOrderId: string })
    expect([$metadata.httpStatusCode, PhoneNumberOrder]).toEqual([200, ordered])
    const PhoneNumberOrderId = ordered.PhoneNumberOrderId?.toUpperCase()
    expect((await chime.getPhoneNumberOrder({ PhoneNumberOrderId })).PhoneNumberOrder).toEqual(ordered)
  })

  test('knows no order of another AWS account, nor one that never was', async () => {
    const { PhoneNumberOrderId = '' } = await order(['+12069999997'])
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
  ])('refuses an id that is none: %.40j', async (PhoneNumberOrderId) => {
    expect(await refused(chime.getPhoneNumberOrder({ PhoneNumberOrderId }))).toBe(
      invalid(
        'PhoneNumberOrderId',
        'satisfy regular expression pattern: [a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}',
      ),
    )
  })

  test.each(['/phone-number-orders/', '/phone-number-orders/%20', '/phone-number-orders/a%00b'])(
    'refuses %s',
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

  test('lists whole orders, the newest first', async () => {
    const owner = await belfry.tenant()
    const orders = []
    for (const numbers of [await belfry.stock(2), ['+12069999996'], await belfry.stock(1)])
      orders.unshift(await order(numbers, 'VoiceConnector', owner))
    const { PhoneNumberOrders, NextToken } = await owner.chime.listPhoneNumberOrders()
    expect(PhoneNumberOrders).toEqual(orders)
    expect(NextToken).toBeUndefined()
    await completeOrders(belfry)
    const done = await Promise.all(orders.map((it) => findOrder(it, owner)))
    expect((await owner.chime.listPhoneNumberOrders()).PhoneNumberOrders).toEqual(done)
  })

  test('answers an empty list with explicit nulls, whatever others ordered', async () => {
    await order(['+12069999995'])
    const answer = await sendSigned(belfry.url, await belfry.tenant(), { path: '/phone-number-orders' })
    expect([answer.status, answer.body]).toEqual([200, '{"NextToken":null,"PhoneNumberOrders":[]}'])
  })

  test.each(badMaxResults(99))('refuses max-results=%s', async (value) => {
    expect(refusedRaw(await list(`max-results=${value}`))).toContain(invalid('MaxResults', ''))
  })

  test('shows 99 to a page unless told, without gap or repeat while orders come', async () => {
    const owner = await belfry.tenant()
    const orders = []
    for (let index = 0; index < 100; index++) orders.unshift(await order(['+12069999994'], 'BusinessCalling', owner))
    const ids = orders.map(({ PhoneNumberOrderId }) => PhoneNumberOrderId)
    const first = await owner.chime.listPhoneNumberOrders()
    await order(['+12069999994'], 'BusinessCalling', owner)
    const second = await owner.chime.listPhoneNumberOrders({ NextToken: first.NextToken })
    expect([idsOf(first), idsOf(second)]).toEqual([ids.slice(0, 99), ids.slice(99)])
    expect(second.NextToken).toBeUndefined()
    const pages = await readPages((from) => owner.chime.listPhoneNumberOrders({ ...from, MaxResults: 40 }))
    expect(pages.map((page) => idsOf(page).length)).toEqual([40, 40, 21])
    expect(pages.flatMap(idsOf).slice(1)).toEqual(ids)
  })

  test('takes a token for the listing it was made for alone', async () => {
    const owner = await belfry.tenant()
    await order(['+12069999993'], 'BusinessCalling', owner)
    await order(['+12069999993'], 'BusinessCalling', owner)
    const { NextToken } = await owner.chime.listPhoneNumberOrders({ MaxResults: 1 })
    expect((await owner.chime.listPhoneNumberOrders({ NextToken })).PhoneNumberOrders).toHaveLength(1)
    expect(await refused(chime.listPhoneNumberOrders({ NextToken }))).toBe(badToken)
    expect(await refused(owner.chime.listPhoneNumbers({ NextToken }))).toBe(badToken)
    for (const garbage of badTokens)
      expect(await refused(owner.chime.listPhoneNumberOrders({ NextToken: garbage }))).toBe(badToken)
  })
})
