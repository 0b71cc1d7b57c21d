/** What is stored of rooms, conversations, messages and bots. */

type Flag = number

export interface Rooms {
  aws_account_id: string
  account_id: string
  room_id: string
  name: string
  created_by: string
  created_at: string
  updated_at: string
}

/** Which room a client's token made, so that repeating the call makes no second one. */
export interface RoomTokens {
  aws_account_id: string
  account_id: string
  principal_arn: string
  token_hash: string
  room_id: string
  name: string
  created_at: string
}

export interface RoomMemberships {
  aws_account_id: string
  account_id: string
  room_id: string
  member_id: string
  member_type: 'User' | 'Bot'
  /** The account the member belongs to, which need not be the room's. */
  member_account_id: string
  role: 'Administrator' | 'Member'
  invited_by: string
  created_at: string
  updated_at: string
}

export interface Conversations {
  aws_account_id: string
  account_id: string
  conversation_id: string
  /** JSON list of user ids. */
  member_ids: string
  created_at: string
}

export interface Messages {
  aws_account_id: string
  account_id: string
  place_type: 'Room' | 'Conversation'
  /** Of the room or the conversation. */
  place_id: string
  message_id: string
  sender_type: 'User' | 'Bot' | 'Webhook'
  sender_id: string
  /** Null once redacted. */
  content: string | null
  created_at: string
  redacted_at: string | null
  redacted_by: string | null
}

/** Messages older than these days are hidden; null is for ever. */
export interface RetentionSettings {
  aws_account_id: string
  account_id: string
  room_days: number | null
  conversation_days: number | null
  /** From when on hidden messages are deleted for good. */
  initiate_deletion_at: string | null
}

export interface Bots {
  aws_account_id: string
  account_id: string
  bot_id: string
  display_name: string
  bot_email: string
  disabled: Flag
  /** Signs what is sent to the bot. */
  security_token: string
  https_endpoint: string | null
  lambda_arn: string | null
  created_at: string
  updated_at: string
}

/** A URL to post into a room by. Of a webhook one is alive; of a bot there may be several. */
export interface WebhookUrls {
  /** What the path names. */
  url_id: string
  /** SHA-256 of the token that the query carries. */
  token_hash: string
  aws_account_id: string
  account_id: string
  room_id: string
  owner_type: 'Webhook' | 'Bot'
  /** Of the webhook or the bot. */
  owner_id: string
  name: string
  created_by: string
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  last_posted_at: string | null
}

/** Events on their way to bots: gone once delivered or given up. */
export interface BotDeliveries {
  aws_account_id: string
  account_id: string
  bot_id: string
  delivery_id: string
  event_type: 'Invite' | 'Mention' | 'Remove'
  /** JSON, just as it is sent. */
  body: string
  /** How often it has been sent. */
  attempts: number
  /** When to send it, or, while it is being sent, when to give that attempt up for lost. */
  due_at: string
}
