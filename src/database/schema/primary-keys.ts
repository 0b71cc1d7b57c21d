import type { TableName, Tables } from './tables.ts'

type PrimaryKeys = { readonly [Name in TableName]: readonly (keyof Tables[Name] & string)[] }

/** The primary key of every table; leaving a table out does not compile. */
export const primaryKeys: PrimaryKeys = {
  accounts: ['aws_account_id', 'account_id'],
  account_domains: ['aws_account_id', 'account_id', 'domain'],
  signin_delegate_groups: ['aws_account_id', 'account_id', 'group_name'],
  aws_account_settings: ['aws_account_id'],
  users: ['aws_account_id', 'account_id', 'user_id'],
  phone_numbers: ['aws_account_id', 'phone_number'],
  assignments: ['aws_account_id', 'assignment_id'],
  phone_number_orders: ['aws_account_id', 'order_id'],
  ordered_phone_numbers: ['aws_account_id', 'order_id', 'position'],
  stock: ['phone_number'],
  rooms: ['aws_account_id', 'account_id', 'room_id'],
  room_tokens: ['aws_account_id', 'account_id', 'principal_arn', 'token_hash'],
  room_memberships: ['aws_account_id', 'account_id', 'room_id', 'member_id'],
  conversations: ['aws_account_id', 'account_id', 'conversation_id'],
  messages: ['aws_account_id', 'account_id', 'place_type', 'place_id', 'message_id'],
  retention_settings: ['aws_account_id', 'account_id'],
  bots: ['aws_account_id', 'account_id', 'bot_id'],
  webhook_urls: ['url_id'],
  bot_deliveries: ['aws_account_id', 'account_id', 'bot_id', 'delivery_id'],
  meetings: ['aws_account_id', 'meeting_id'],
  meeting_dial_outs: ['aws_account_id', 'meeting_id', 'transaction_id'],
  invitation_mails: ['aws_account_id', 'account_id', 'user_id'],
  principals: ['aws_account_id', 'principal_name'],
  policies: ['aws_account_id', 'policy_name'],
  principal_policies: ['aws_account_id', 'principal_name', 'policy_name'],
  access_keys: ['access_key_id'],
  journal: ['aws_account_id', 'event_id'],
}

export const tableNames = Object.keys(primaryKeys) as TableName[]
