import { notFound } from '../../contract/errors.ts'
import type { PageRequest } from '../../database/pagination.ts'
import type { AccountKey, PlaceKey, RoomKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type MessageRow = Row<'messages'>
export type ConversationRow = Row<'conversations'>

export const roomPlace = ({ aws_account_id, account_id, room_id }: RoomKey): PlaceKey => ({
  aws_account_id,
  account_id,
  place_type: 'Room',
  place_id: room_id,
})

export const conversationPlace = ({ aws_account_id, account_id, conversation_id }: ConversationRow): PlaceKey => ({
  aws_account_id,
  account_id,
  place_type: 'Conversation',
  place_id: conversation_id,
})

export async function insertConversation(db: Db, conversation: ConversationRow): Promise<void> {
  await db.insertInto('conversations').values(conversation).execute()
}

/** Throws `NotFoundException`. */
export async function requireConversation(
  db: Db,
  account: AccountKey,
  conversationId: string,
): Promise<ConversationRow> {
  const conversation = await db
    .selectFrom('conversations')
    .selectAll()
    .where('aws_account_id', '=', account.aws_account_id)
    .where('account_id', '=', account.account_id)
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst()
  if (!conversation) throw notFound('Conversation', conversationId)
  return conversation
}

export async function insertMessage(db: Db, message: MessageRow): Promise<void> {
  await db.insertInto('messages').values(message).execute()
}

const messagesOf = (db: Db, { aws_account_id, account_id, place_type, place_id }: PlaceKey) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('place_type', '=', place_type)
    .where('place_id', '=', place_id)

/** Oldest first, because ids sort by time; omits messages from before `hiddenBefore`. */
export function listMessages(db: Db, place: PlaceKey, hiddenBefore: string, { limit, after }: PageRequest) {
  let query = messagesOf(db, place).where('created_at', '>=', hiddenBefore).orderBy('message_id').limit(limit)
  if (after) query = query.where('message_id', '>', after[0])
  return query.execute()
}

/** Throws `NotFoundException`, also for hidden messages. */
export async function requireMessage(db: Db, place: PlaceKey, messageId: string, hiddenBefore: string) {
  const message = await messagesOf(db, place)
    .where('message_id', '=', messageId)
    .where('created_at', '>=', hiddenBefore)
    .executeTakeFirst()
  if (!message) throw notFound('Message', messageId)
  return message
}

/** Erases the content, instead of only hiding it. */
export async function redactMessage(db: Db, message: MessageRow, by: string, now: string): Promise<void> {
  await db
    .updateTable('messages')
    .set({ content: null, redacted_at: now, redacted_by: by })
    .where('aws_account_id', '=', message.aws_account_id)
    .where('account_id', '=', message.account_id)
    .where('place_type', '=', message.place_type)
    .where('place_id', '=', message.place_id)
    .where('message_id', '=', message.message_id)
    .execute()
}

export async function deleteMessages(db: Db, { aws_account_id, account_id, place_type, place_id }: PlaceKey) {
  await db
    .deleteFrom('messages')
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('place_type', '=', place_type)
    .where('place_id', '=', place_id)
    .execute()
}
