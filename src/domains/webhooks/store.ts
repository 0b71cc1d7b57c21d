/** URLs for posting to rooms: SQL, and only SQL. One row per URL; a revoked one is kept for a while. */
import { notFound } from '../../contract/errors.ts'
import { idsFrom } from '../../primitives/ids.ts'
import type { RoomKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type WebhookUrlRow = Row<'webhook_urls'>

/** Searches the whole installation, because the URL contains only the id. */
export function findUrl(db: Db, urlId: string): Promise<WebhookUrlRow | undefined> {
  return db.selectFrom('webhook_urls').selectAll().where('url_id', '=', urlId).executeTakeFirst()
}

export async function insertUrl(db: Db, url: WebhookUrlRow): Promise<void> {
  await db.insertInto('webhook_urls').values(url).execute()
}

export async function notePost(db: Db, { url_id }: WebhookUrlRow, now: string): Promise<void> {
  await db.updateTable('webhook_urls').set({ last_posted_at: now }).where('url_id', '=', url_id).execute()
}

/** The webhooks of a room, each with its valid URL, oldest first. */
export function listWebhooks(db: Db, { aws_account_id, account_id, room_id }: RoomKey): Promise<WebhookUrlRow[]> {
  return db
    .selectFrom('webhook_urls')
    .selectAll()
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('room_id', '=', room_id)
    .where('owner_type', '=', 'Webhook')
    .where('revoked_at', 'is', null)
    .orderBy('owner_id')
    .execute()
}

/** Throws `NotFoundException`. */
export async function requireWebhook(db: Db, room: RoomKey, webhookId: string): Promise<WebhookUrlRow> {
  const found = (await listWebhooks(db, room)).find(({ owner_id }) => owner_id === webhookId)
  if (!found) throw notFound('Webhook', webhookId)
  return found
}

/** @param ownerId revokes only the URLs of this webhook or bot, by default all of the room */
export async function revokeUrls(db: Db, room: RoomKey, now: string, ownerId?: string): Promise<void> {
  let query = db
    .updateTable('webhook_urls')
    .set({ revoked_at: now })
    .where('aws_account_id', '=', room.aws_account_id)
    .where('account_id', '=', room.account_id)
    .where('room_id', '=', room.room_id)
    .where('revoked_at', 'is', null)
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId)
  await query.execute()
}

/**
 * URLs of any AWS account that were revoked or expired before `before`. Ids contain the time of creation, so newer rows
 * need not be read.
 */
export function listForgettableUrls(db: Db, before: string, atMost: number): Promise<string[]> {
  return db
    .selectFrom('webhook_urls')
    .select('url_id')
    .where('url_id', '<', idsFrom(before))
    .where((eb) => eb.or([eb('revoked_at', '<', before), eb('expires_at', '<', before)]))
    .limit(atMost)
    .execute()
    .then((rows) => rows.map(({ url_id }) => url_id))
}

export async function forgetUrls(db: Db, urlIds: readonly string[]): Promise<void> {
  await db.deleteFrom('webhook_urls').where('url_id', 'in', urlIds).execute()
}
