import { sql } from 'kysely'
import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import type { PageRequest } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'

export type Line = Row<'ordered_phone_numbers'>
export type OrderRow = Row<'phone_number_orders'> & { lines: Line[] }

export async function insertOrder(db: Db, { lines, ...order }: OrderRow): Promise<void> {
  await db.insertInto('phone_number_orders').values(order).execute()
  await db.insertInto('ordered_phone_numbers').values(lines).execute()
}

/** The primary key of an order. */
export type OrderKey = Pick<OrderRow, 'aws_account_id' | 'order_id'>

/** Throws `NotFoundException`. */
export async function requireOrder(db: Db, { awsAccountId }: Caller, orderId: string): Promise<OrderRow> {
  const order = await findOrder(db, { aws_account_id: awsAccountId, order_id: orderId.toLowerCase() })
  if (!order) throw notFound('PhoneNumberOrder', orderId)
  return order
}

export async function findOrder(db: Db, { aws_account_id, order_id }: OrderKey): Promise<OrderRow | undefined> {
  const order = await db
    .selectFrom('phone_number_orders')
    .selectAll()
    .where('aws_account_id', '=', aws_account_id)
    .where('order_id', '=', order_id)
    .executeTakeFirst()
  return order && { ...order, lines: await linesOf(db, [order]) }
}

/** Newest first. */
export async function listOrders(db: Db, { awsAccountId }: Caller, { limit, after }: PageRequest): Promise<OrderRow[]> {
  let query = db
    .selectFrom('phone_number_orders')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .orderBy('created_at', 'desc')
    .orderBy('order_id', 'desc')
    .limit(limit)
  if (after) query = query.where(sql<boolean>`(created_at, order_id) < (${sql.join(after)})`)
  return withLines(db, await query.execute())
}

/** Orders of any AWS account that are due for completion by `now`. */
export function listDueOrders(db: Db, now: string, atMost: number): Promise<OrderKey[]> {
  return db
    .selectFrom('phone_number_orders')
    .select(['aws_account_id', 'order_id'])
    .where('status', '=', 'Processing')
    .where('due_at', '<=', now)
    .limit(atMost)
    .execute()
}

export const countOpenOrders = (db: Db): Promise<number> =>
  count(db.selectFrom('phone_number_orders').where('status', '=', 'Processing'))

async function withLines(db: Db, orders: Row<'phone_number_orders'>[]): Promise<OrderRow[]> {
  const lines = Map.groupBy(await linesOf(db, orders), ({ order_id }) => order_id)
  return orders.map((order) => ({ ...order, lines: lines.get(order.order_id) ?? [] }))
}

/** The orders must belong to one AWS account. */
async function linesOf(db: Db, orders: readonly OrderKey[]): Promise<Line[]> {
  const [first] = orders
  if (!first) return []
  return db
    .selectFrom('ordered_phone_numbers')
    .selectAll()
    .where('aws_account_id', '=', first.aws_account_id)
    .where(
      'order_id',
      'in',
      orders.map(({ order_id }) => order_id),
    )
    .orderBy('position')
    .execute()
}

interface OrderResult {
  status: OrderRow['status']
  acquired: readonly string[]
  now: string
}

/** Records the result of an order: the numbers in `acquired` were acquired, the others failed. */
export async function finishOrder(
  db: Db,
  { aws_account_id, order_id }: OrderKey,
  { status, acquired, now }: OrderResult,
): Promise<void> {
  const lines = db
    .updateTable('ordered_phone_numbers')
    .where('aws_account_id', '=', aws_account_id)
    .where('order_id', '=', order_id)
  await lines.set({ status: 'Failed' }).execute()
  if (acquired.length > 0) await lines.set({ status: 'Acquired' }).where('phone_number', 'in', acquired).execute()
  await db
    .updateTable('phone_number_orders')
    .set({ status, updated_at: now })
    .where('aws_account_id', '=', aws_account_id)
    .where('order_id', '=', order_id)
    .execute()
}

/** The numbers of an order that are still being acquired. */
export async function listAcquiring(db: Db, { aws_account_id, order_id }: OrderKey): Promise<string[]> {
  const rows = await db
    .selectFrom('phone_numbers')
    .select('phone_number')
    .where('aws_account_id', '=', aws_account_id)
    .where('order_id', '=', order_id)
    .where('status', '=', 'AcquireInProgress')
    .execute()
  return rows.map(({ phone_number }) => phone_number)
}
