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

/** The room that a client request token created, so that a repeated call creates no second one. */
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
  member_ids: string
  created_at: string
}

export interface Messages {
  aws_account_id: string
  account_id: string
  place_type: 'Room' | 'Conversation'
  place_id: string
  message_id: string
  sender_type: 'User' | 'Bot' | 'Webhook'
  sender_id: string
  content: string | null
  created_at: string
  redacted_at: string | null
  redacted_by: string | null
}

/** Messages older than so many days are hidden; null keeps them for ever. */
export interface RetentionSettings {
  aws_account_id: string
  account_id: string
  room_days: number | null
  conversation_days: number | null
  initiate_deletion_at: string | null
}

export interface Bots {
  aws_account_id: string
  account_id: string
  bot_id: string
  display_name: string
  bot_email: string
  disabled: Flag
  security_token: string
  https_endpoint: string | null
  lambda_arn: string | null
  created_at: string
  updated_at: string
}

/** URLs that post into a room. A webhook has one valid URL, a bot may have several. */
export interface WebhookUrls {
  url_id: string
  /** SHA-256 of the token in the query. */
  token_hash: string
  aws_account_id: string
  account_id: string
  room_id: string
  owner_type: 'Webhook' | 'Bot'
  owner_id: string
  name: string
  created_by: string
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  last_posted_at: string | null
}

/** Events to be sent to bots. A row is deleted once it was delivered or given up. */
export interface BotDeliveries {
  aws_account_id: string
  account_id: string
  bot_id: string
  delivery_id: string
  event_type: 'Invite' | 'Mention' | 'Remove'
  body: string
  attempts: number
  /** When to send it or, during an attempt, when that attempt counts as lost. */
  due_at: string
}
