import { z } from 'zod'
import { count, flag, json, jsonObject, nullableText, nullableTime, oneOf, text, time } from './columns.ts'

export const rooms = z.object({
  aws_account_id: text,
  account_id: text,
  room_id: text,
  name: text,
  created_by: text,
  created_at: time,
  updated_at: time,
})

/** The room that a client request token created, so that a repeated call creates no second one. */
export const roomTokens = z.object({
  aws_account_id: text,
  account_id: text,
  principal_arn: text,
  token_hash: text,
  room_id: text,
  name: text,
  created_at: time,
})

export const roomMemberships = z.object({
  aws_account_id: text,
  account_id: text,
  room_id: text,
  member_id: text,
  member_type: oneOf('User', 'Bot'),
  /** The account the member belongs to, which need not be the room's. */
  member_account_id: text,
  role: oneOf('Administrator', 'Member'),
  invited_by: text,
  created_at: time,
  updated_at: time,
})

export const conversations = z.object({
  aws_account_id: text,
  account_id: text,
  conversation_id: text,
  member_ids: json(z.array(z.string())),
  created_at: time,
})

export const messages = z.object({
  aws_account_id: text,
  account_id: text,
  place_type: oneOf('Room', 'Conversation'),
  place_id: text,
  message_id: text,
  sender_type: oneOf('User', 'Bot', 'Webhook'),
  sender_id: text,
  content: nullableText,
  created_at: time,
  redacted_at: nullableTime,
  redacted_by: nullableText,
})

export const retentionDays = z.int().min(1).max(5475)

/** Messages older than so many days are hidden; null keeps them for ever. */
export const retentionSettings = z.object({
  aws_account_id: text,
  account_id: text,
  room_days: retentionDays.nullable(),
  conversation_days: retentionDays.nullable(),
  initiate_deletion_at: nullableTime,
})

export const bots = z.object({
  aws_account_id: text,
  account_id: text,
  bot_id: text,
  display_name: text,
  bot_email: text,
  disabled: flag,
  security_token: text,
  https_endpoint: nullableText,
  lambda_arn: nullableText,
  created_at: time,
  updated_at: time,
})

/** URLs that post into a room. A webhook has one valid URL, a bot may have several. */
export const webhookUrls = z.object({
  url_id: text,
  token_hash: text,
  aws_account_id: text,
  account_id: text,
  room_id: text,
  owner_type: oneOf('Webhook', 'Bot'),
  owner_id: text,
  name: text,
  created_by: text,
  created_at: time,
  expires_at: nullableTime,
  revoked_at: nullableTime,
  last_posted_at: nullableTime,
})

/** Events to be sent to bots. A row is deleted once it was delivered or given up. */
export const botDeliveries = z.object({
  aws_account_id: text,
  account_id: text,
  bot_id: text,
  delivery_id: text,
  event_type: oneOf('Invite', 'Mention', 'Remove'),
  body: jsonObject,
  attempts: count,
  /** When to send it or, during an attempt, when that attempt counts as lost. */
  due_at: time,
})
