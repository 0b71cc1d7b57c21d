import type { Job, JobContext } from '../job.ts'
import { recordJob } from '../journal/store.ts'
import { phoneNumberId } from '../phone-numbers/rules.ts'
import { finishAcquisition } from '../phone-numbers/store.ts'
import { findInStock } from '../stock/store.ts'
import { orderStatus } from './rules.ts'
import { countOpenOrders, findOrder, finishOrder, listAcquiring, listDueOrders, type OrderKey } from './store.ts'

export const jobs: readonly Job[] = [
  {
    name: 'CompletePhoneNumberOrder',
    countWaiting: countOpenOrders,
    async findDue({ db, now }, atMost) {
      const due = await listDueOrders(db, now, atMost)
      return due.map((order) => (then) => complete(order, then))
    },
  },
]

/** Simulates the carrier's answer: numbers reserved for the order are acquired unless withdrawn meanwhile. */
async function complete(key: OrderKey, context: JobContext) {
  const { db, now } = context
  const order = await findOrder(db, key)
  if (order?.status !== 'Processing') return
  const awaited = await listAcquiring(db, order)
  const inStock = awaited.length > 0 ? await findInStock(db, awaited) : []
  const withdrawn = awaited.filter((phoneNumber) => !inStock.includes(phoneNumber))
  await finishAcquisition(db, order, { phoneNumbers: inStock, status: 'Unassigned', now })
  await finishAcquisition(db, order, { phoneNumbers: withdrawn, status: 'AcquireFailed', now })
  await finishOrder(db, order, { status: orderStatus(inStock.length, order.lines.length), acquired: inStock, now })
  await recordJob(context, order.aws_account_id, 'CompletePhoneNumberOrder', {
    PhoneNumberOrderId: order.order_id,
    PhoneNumberIds: awaited.map(phoneNumberId),
  })
}
