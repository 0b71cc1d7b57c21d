import type { Answer, InputOf } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import { page } from '../../database/pagination.ts'
import { conversations } from '../../database/schema/chat-tables.ts'
import { readJson } from '../../database/schema/read-json.ts'
import type { AccountRow, PlaceKey } from '../rows.ts'
import type { OperationContext, Handlers } from '../operation.ts'
import { assertEnterprise } from '../accounts/rules.ts'
import { requireAccount, requireEnterpriseAccount } from '../accounts/store.ts'
import { sendMentions } from '../bot-events/events.ts'
import { findMembership } from '../room-memberships/store.ts'
import { requireRoom } from '../rooms/store.ts'
import { requireUser } from '../users/store.ts'
import type { Conversation, Message, belfry, contract } from './contract.ts'
import { readRetention, writeRetention } from './retention-store.ts'
import { type Sender, assertMembers, hiddenBefore, initiateDeletionAt, newMessage, notAMember } from './rules.ts'
import {
  type ConversationRow,
  type MessageRow,
  conversationPlace,
  insertConversation,
  insertMessage,
  listMessages,
  redactMessage,
  requireConversation,
  requireMessage,
  roomPlace,
} from './store.ts'

export const handlers = {
  async RedactRoomMessage({ AccountId, RoomId, MessageId }, context) {
    const account = await requireEnterpriseAccount(context.db, context.caller, AccountId)
    const room = await requireRoom(context.db, account, RoomId)
    await redact(account, roomPlace(room), MessageId, context)
    return {}
  },

  async RedactConversationMessage({ AccountId, ConversationId, MessageId }, context) {
    const account = await requireEnterpriseAccount(context.db, context.caller, AccountId)
    const conversation = await requireConversation(context.db, account, ConversationId)
    await redact(account, conversationPlace(conversation), MessageId, context)
    return {}
  },

  async GetRetentionSettings({ AccountId }, { db, caller }) {
    const account = await requireAccount(db, caller, AccountId)
    assertEnterprise(account)
    const { room_days, conversation_days, initiate_deletion_at } = await readRetention(db, account)
    return {
      RetentionSettings: {
        RoomRetentionSettings: { RetentionDays: room_days },
        ConversationRetentionSettings: { RetentionDays: conversation_days },
      },
      InitiateDeletionTimestamp: initiate_deletion_at,
    }
  },

  /** Replaces both periods; an absent one is switched off. The response is a 204 without a body. */
  async PutRetentionSettings({ AccountId, RetentionSettings }, { db, caller, now }) {
    const account = await requireEnterpriseAccount(db, caller, AccountId)
    const before = await readRetention(db, account)
    const days = {
      room_days: RetentionSettings.RoomRetentionSettings?.RetentionDays ?? null,
      conversation_days: RetentionSettings.ConversationRetentionSettings?.RetentionDays ?? null,
    }
    const initiate_deletion_at = initiateDeletionAt(before, days, now)
    await writeRetention(db, { ...before, ...days, initiate_deletion_at })
    return { RetentionSettings: null, InitiateDeletionTimestamp: null }
  },

  async PostRoomMessage({ AccountId, RoomId, SenderId, Content }, context) {
    const account = await requireEnterpriseAccount(context.db, context.caller, AccountId)
    const room = await requireRoom(context.db, account, RoomId)
    const sender = await findMembership(context.db, room, SenderId)
    if (!sender) throw notAMember()
    if (sender.member_type === 'User') await sendMentions(room, Content, sender, context)
    const speaker = { sender_type: sender.member_type, sender_id: SenderId }
    return { Message: await post(roomPlace(room), speaker, Content, context) }
  },

  async ListRoomMessages(input, context) {
    const account = await requireAccount(context.db, context.caller, input.AccountId)
    const room = await requireRoom(context.db, account, input.RoomId)
    return showMessages(input, account, roomPlace(room), context)
  },

  async CreateConversation({ AccountId, MemberIds }, { db, caller, now }) {
    const account = await requireEnterpriseAccount(db, caller, AccountId)
    assertMembers(MemberIds)
    for (const id of MemberIds) await requireUser(db, account, id)
    const conversation = {
      aws_account_id: account.aws_account_id,
      account_id: account.account_id,
      conversation_id: newId(now),
      member_ids: JSON.stringify([...new Set(MemberIds)]),
      created_at: now,
    }
    await insertConversation(db, conversation)
    return { Conversation: toConversation(conversation) }
  },

  async PostConversationMessage({ AccountId, ConversationId, SenderId, Content }, context) {
    const account = await requireEnterpriseAccount(context.db, context.caller, AccountId)
    const conversation = await requireConversation(context.db, account, ConversationId)
    if (!membersOf(conversation).includes(SenderId)) throw notAMember()
    const speaker = { sender_type: 'User', sender_id: SenderId } as const
    return { Message: await post(conversationPlace(conversation), speaker, Content, context) }
  },

  async ListConversationMessages(input, context) {
    const account = await requireAccount(context.db, context.caller, input.AccountId)
    const conversation = await requireConversation(context.db, account, input.ConversationId)
    return showMessages(input, account, conversationPlace(conversation), context)
  },
} satisfies Handlers<typeof contract & typeof belfry>

/** Idempotent. */
async function redact(account: AccountRow, place: PlaceKey, messageId: string, { db, caller, now }: OperationContext) {
  const hidden = hiddenBefore(place.place_type, await readRetention(db, account), now)
  const message = await requireMessage(db, place, messageId, hidden)
  if (message.redacted_at === null) await redactMessage(db, message, caller.principalArn, now)
}

async function post(place: PlaceKey, sender: Sender, content: string, { db, now }: OperationContext) {
  const message = newMessage({ place, sender, content, id: newId(now), now })
  await insertMessage(db, message)
  return toMessage(message)
}

type Paging = Pick<InputOf<(typeof belfry)['ListRoomMessages']>, 'MaxResults' | 'NextToken'>

async function showMessages(input: Paging, account: AccountRow, place: PlaceKey, { db, now }: OperationContext) {
  const hidden = hiddenBefore(place.place_type, await readRetention(db, account), now)
  const { rows, nextToken } = await page(input, {
    defaultLimit: 99,
    scope: ['ListMessages', ...Object.values(place)],
    fetch: (request) => listMessages(db, place, hidden, request),
    positionOf: ({ message_id }) => [message_id, ''],
  })
  return { Messages: rows.map(toMessage), NextToken: nextToken }
}

/** None if what is stored cannot be read. */
const membersOf = ({ member_ids, conversation_id }: ConversationRow) =>
  readJson(conversations.shape.member_ids, member_ids, ['conversations.member_ids', conversation_id]) ?? []

const toMessage = (message: MessageRow): Answer<typeof Message> => ({
  MessageId: message.message_id,
  SenderId: message.sender_id,
  SenderType: message.sender_type,
  Content: message.content,
  Redacted: message.redacted_at !== null,
  CreatedTimestamp: message.created_at,
})

const toConversation = (conversation: ConversationRow): Answer<typeof Conversation> => ({
  ConversationId: conversation.conversation_id,
  MemberIds: membersOf(conversation),
  CreatedTimestamp: conversation.created_at,
})
