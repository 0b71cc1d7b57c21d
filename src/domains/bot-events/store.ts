/** Undelivered bot events: SQL, and only SQL. */
import { count } from '../../database/count.ts'
import type { AccountKey, RoomKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type DeliveryRow = Row<'bot_deliveries'>
/** The primary key of a delivery. */
export type DeliveryKey = Pick<DeliveryRow, 'aws_account_id' | 'account_id' | 'bot_id' | 'delivery_id'>

export async function insertDelivery(db: Db, delivery: DeliveryRow): Promise<void> {
  await db.insertInto('bot_deliveries').values(delivery).execute()
}

/**
 * Deliveries due by `now`, of any AWS account but those in `notOf`. Only the oldest of each bot, because a bot gets its
 * events in order.
 */
export function listDueDeliveries(
  db: Db,
  now: string,
  atMost: number,
  notOf: readonly string[],
): Promise<DeliveryKey[]> {
  return db
    .selectFrom('bot_deliveries')
    .select(['aws_account_id', 'account_id', 'bot_id', 'delivery_id'])
    .where('due_at', '<=', now)
    .$if(notOf.length > 0, (query) => query.where('aws_account_id', 'not in', notOf))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('bot_deliveries as older')
            .select('older.delivery_id')
            .whereRef('older.aws_account_id', '=', 'bot_deliveries.aws_account_id')
            .whereRef('older.account_id', '=', 'bot_deliveries.account_id')
            .whereRef('older.bot_id', '=', 'bot_deliveries.bot_id')
            .whereRef('older.delivery_id', '<', 'bot_deliveries.delivery_id'),
        ),
      ),
    )
    .orderBy('due_at')
    .limit(atMost)
    .execute()
}

export const countDeliveries = (db: Db): Promise<number> => count(db.selectFrom('bot_deliveries'))

/** Claims a delivery due by `now` for one attempt; undefined if another process has claimed it first. */
export function takeDelivery(
  db: Db,
  delivery: DeliveryKey,
  now: string,
  until: string,
): Promise<DeliveryRow | undefined> {
  return updateDelivery(db, delivery)
    .set((eb) => ({ due_at: until, attempts: eb('attempts', '+', 1) }))
    .where('due_at', '<=', now)
    .returningAll()
    .executeTakeFirst()
}

/** Whether the delivery still exists and has not been claimed again since. */
export async function isLastAttempt(db: Db, delivery: DeliveryRow): Promise<boolean> {
  const found = await db
    .selectFrom('bot_deliveries')
    .select('attempts')
    .where('aws_account_id', '=', delivery.aws_account_id)
    .where('account_id', '=', delivery.account_id)
    .where('bot_id', '=', delivery.bot_id)
    .where('delivery_id', '=', delivery.delivery_id)
    .executeTakeFirst()
  return found?.attempts === delivery.attempts
}

export async function postponeDelivery(db: Db, delivery: DeliveryKey, until: string): Promise<void> {
  await updateDelivery(db, delivery).set({ due_at: until }).execute()
}

const updateDelivery = (db: Db, { aws_account_id, account_id, bot_id, delivery_id }: DeliveryKey) =>
  db
    .updateTable('bot_deliveries')
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('bot_id', '=', bot_id)
    .where('delivery_id', '=', delivery_id)

export async function deleteDelivery(db: Db, { aws_account_id, account_id, bot_id, delivery_id }: DeliveryKey) {
  await db
    .deleteFrom('bot_deliveries')
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('bot_id', '=', bot_id)
    .where('delivery_id', '=', delivery_id)
    .execute()
}

/** Deletes all undelivered events of one bot. */
export async function deleteDeliveries(db: Db, { aws_account_id, account_id }: AccountKey, botId: string) {
  await db
    .deleteFrom('bot_deliveries')
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('bot_id', '=', botId)
    .execute()
}

/** The bots that are members of a room. */
export function listBotsIn(db: Db, { aws_account_id, account_id, room_id }: RoomKey): Promise<Row<'bots'>[]> {
  return db
    .selectFrom('bots')
    .selectAll('bots')
    .innerJoin('room_memberships', (join) =>
      join
        .onRef('room_memberships.aws_account_id', '=', 'bots.aws_account_id')
        .onRef('room_memberships.member_account_id', '=', 'bots.account_id')
        .onRef('room_memberships.member_id', '=', 'bots.bot_id'),
    )
    .where('room_memberships.aws_account_id', '=', aws_account_id)
    .where('room_memberships.account_id', '=', account_id)
    .where('room_memberships.room_id', '=', room_id)
    .execute()
}
