import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import { page } from '../../database/pagination.ts'
import { shift } from '../../primitives/time.ts'
import type { OperationContext, Handlers } from '../operation.ts'
import {
  assertProductType,
  assertTelephonyAllowed,
  assertWithinQuota,
  hasQuota,
  newPhoneNumber,
  quotaAndOne,
  toE164,
} from '../phone-numbers/rules.ts'
import { countPhoneNumbers, forgetFailedAcquisitions, insertPhoneNumbers } from '../phone-numbers/store.ts'
import { describeNumber } from '../stock/rules.ts'
import { type StockRow, findStockHorizon, listStock, takeFromStock } from '../stock/store.ts'
import type { PhoneNumberOrder, contract } from './contract.ts'
import { readSearch } from './rules.ts'
import { type OrderRow, insertOrder, listOrders, requireOrder } from './store.ts'

export const handlers = {
  /** Lists numbers in stock without reserving them. */
  async SearchAvailablePhoneNumbers(input, { db, caller, settings }) {
    assertTelephonyAllowed(caller, settings)
    const { AreaCode, City, State, Country, TollFreePrefix, PhoneNumberType } = input
    const search = { AreaCode, City, State, Country, TollFreePrefix, PhoneNumberType }
    const filter = readSearch(search)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 100,
      scope: ['SearchAvailablePhoneNumbers', caller.awsAccountId, ...Object.values(search)],
      fetch: (request) => listStock(db, filter, request),
      positionOf: ({ phone_number }) => [phone_number, ''],
      findHorizon: (after) => findStockHorizon(db, filter, after),
    })
    return { E164PhoneNumbers: rows.map(({ phone_number }) => phone_number), NextToken: nextToken }
  },

  /** Takes the numbers out of stock at once, so that no other order can; a job completes the order later. */
  async CreatePhoneNumberOrder({ ProductType, E164PhoneNumbers }, context) {
    const { db, caller, settings } = context
    assertTelephonyAllowed(caller, settings)
    const phoneNumbers = [...new Set(E164PhoneNumbers.map(toE164))]
    for (const phoneNumber of phoneNumbers) assertProductType(describeNumber(phoneNumber), ProductType)
    if (hasQuota(settings))
      assertWithinQuota((await countPhoneNumbers(db, caller, quotaAndOne(settings))) + phoneNumbers.length, settings)
    const order = newOrder(ProductType, phoneNumbers, context)
    await insertOrder(db, order)
    const taken = await takeFromStock(db, phoneNumbers)
    await forgetFailedAcquisitions(
      db,
      caller,
      taken.map(({ phone_number }) => phone_number),
    )
    await insertPhoneNumbers(
      db,
      taken.map((row) => acquiring(order, row)),
    )
    return { PhoneNumberOrder: toOrder(order) }
  },

  async GetPhoneNumberOrder({ PhoneNumberOrderId }, { db, caller }) {
    return { PhoneNumberOrder: toOrder(await requireOrder(db, caller, PhoneNumberOrderId)) }
  },

  async ListPhoneNumberOrders(input, { db, caller }) {
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListPhoneNumberOrders', caller.awsAccountId],
      fetch: (request) => listOrders(db, caller, request),
      positionOf: ({ created_at, order_id }) => [created_at, order_id],
    })
    return { PhoneNumberOrders: rows.map(toOrder), NextToken: nextToken }
  },
} satisfies Handlers<typeof contract>

function newOrder(
  productType: OrderRow['product_type'],
  phoneNumbers: readonly string[],
  { caller, now, settings }: OperationContext,
): OrderRow {
  const key = { aws_account_id: caller.awsAccountId, order_id: newId(now) }
  return {
    ...key,
    product_type: productType,
    status: 'Processing',
    due_at: shift(now, settings.orderDelayMs),
    created_at: now,
    updated_at: now,
    lines: phoneNumbers.map((phone_number, position) => ({ ...key, position, phone_number, status: 'Processing' })),
  }
}

const acquiring = ({ aws_account_id, order_id, product_type, created_at }: OrderRow, row: StockRow) => {
  const { phone_number, country, type } = row
  const status = 'AcquireInProgress'
  return newPhoneNumber(created_at, { aws_account_id, phone_number, order_id, country, type, product_type, status })
}

const toOrder = (order: OrderRow): Answer<typeof PhoneNumberOrder> => ({
  PhoneNumberOrderId: order.order_id,
  ProductType: order.product_type,
  Status: order.status,
  OrderedPhoneNumbers: order.lines.map(({ phone_number, status }) => ({
    E164PhoneNumber: phone_number,
    Status: status,
  })),
  CreatedTimestamp: order.created_at,
  UpdatedTimestamp: order.updated_at,
})
