/** Times are ISO-8601 UTC text, flags 0 or 1, lists JSON text. Rows of an AWS account have its id in their primary key. */
import type { Kysely, Selectable } from 'kysely'
import type {
  BotDeliveries,
  Bots,
  Conversations,
  Messages,
  RetentionSettings,
  RoomMemberships,
  RoomTokens,
  Rooms,
  WebhookUrls,
} from './chat-tables.ts'
import type { AccessKeys, Policies, PrincipalPolicies, Principals } from './identity-tables.ts'

type Flag = number

export interface Accounts {
  aws_account_id: string
  account_id: string
  name: string
  name_key: string
  account_type: 'Team' | 'EnterpriseDirectory' | 'EnterpriseLWA' | 'EnterpriseOIDC'
  account_status: 'Active' | 'Suspended'
  default_license: License
  supported_licenses: string
  disable_remote_control: Flag
  enable_dial_out: Flag
  created_at: string
  deleted_at: string | null
}

export interface AccountDomains {
  aws_account_id: string
  account_id: string
  domain: string
  claimed_at: string
}

export interface SigninDelegateGroups {
  aws_account_id: string
  account_id: string
  group_name: string
  associated_at: string
}

export interface AwsAccountSettings {
  aws_account_id: string
  business_calling_cdr_bucket: string | null
  voice_connector_cdr_bucket: string | null
  calling_name: string | null
  calling_name_updated_at: string | null
}

export interface Users {
  aws_account_id: string
  account_id: string
  user_id: string
  email: string | null
  /** The address in lower case: unique in the whole installation. */
  email_key: string | null
  display_name: string | null
  license_type: License
  user_type: 'PrivateUser' | 'SharedDevice'
  registration_status: 'Unregistered' | 'Registered' | 'Suspended'
  invitation_status: 'Pending' | 'Accepted' | 'Failed' | null
  invite_id: string | null
  invited_at: string | null
  registered_at: string | null
  personal_pin: string | null
  signed_out_at: string | null
  alexa_enabled: Flag
  alexa_room_arn: string | null
  inbound_calling: Flag
  outbound_calling: Flag
  sms: Flag
  created_at: string
  deleted_at: string | null
}

export interface PhoneNumbers {
  aws_account_id: string
  phone_number: string
  order_id: string | null
  country: string
  type: PhoneNumberType
  product_type: ProductType
  /** An assigned number is not marked here: it has an open interval in `assignments`. */
  status: 'AcquireInProgress' | 'AcquireFailed' | 'Unassigned' | 'ReleaseInProgress'
  calling_name: string | null
  calling_name_status: 'Unassigned' | 'UpdateInProgress' | 'UpdateSucceeded' | 'UpdateFailed'
  calling_name_due_at: string | null
  created_at: string
  updated_at: string
  deleted_at: string | null
}

/** Intervals in which a user held a number. The interval without an end has the present holder. */
export interface Assignments {
  aws_account_id: string
  assignment_id: string
  phone_number: string
  account_id: string
  user_id: string
  assigned_at: string
  assigned_by: string
  assign_request_id: string
  unassigned_at: string | null
  unassigned_by: string | null
  unassign_request_id: string | null
}

export interface PhoneNumberOrders {
  aws_account_id: string
  order_id: string
  product_type: ProductType
  status: 'Processing' | 'Successful' | 'Partial' | 'Failed'
  due_at: string
  created_at: string
  updated_at: string
}

export interface OrderedPhoneNumbers {
  aws_account_id: string
  order_id: string
  position: number
  phone_number: string
  status: 'Processing' | 'Acquired' | 'Failed'
}

/** Numbers that can be ordered. An ordered number stays, not available, until it is purged. */
export interface Stock {
  phone_number: string
  country: string
  type: PhoneNumberType
  /** Three digits after +1, the toll-free prefix included; null outside North America. */
  area_code: string | null
  city_key: string | null
  state_key: string | null
  available: Flag
}

export interface Meetings {
  aws_account_id: string
  meeting_id: string
  join_token_hash: string
  created_by: string
  created_at: string
  ended_at: string | null
}

export interface MeetingDialOuts {
  aws_account_id: string
  meeting_id: string
  transaction_id: string
  from_number: string
  to_number: string
  status: 'Failed'
  status_reason: string | null
  requested_by: string
  request_id: string
  requested_at: string
}

/** Invitations to be handed to the mail server. A row is deleted when the server took the mail, or the attempt is given up. */
export interface InvitationMails {
  aws_account_id: string
  account_id: string
  user_id: string
  invite_id: string
  attempts: number
  due_at: string
}

/** One row per successful writing call and per change made by a job. Sensitive members are masked. */
export interface Journal {
  aws_account_id: string
  event_id: string
  event_time: string
  event_name: string
  principal_arn: string
  access_key_id: string | null
  request_id: string
  source_ip: string | null
  user_agent: string | null
  request_parameters: string
  /** JSON list of the resources of the call, as `ListEvents` returns it. */
  resources: string
  error_code: string | null
}

export interface Tables {
  accounts: Accounts
  account_domains: AccountDomains
  signin_delegate_groups: SigninDelegateGroups
  aws_account_settings: AwsAccountSettings
  users: Users
  phone_numbers: PhoneNumbers
  assignments: Assignments
  phone_number_orders: PhoneNumberOrders
  ordered_phone_numbers: OrderedPhoneNumbers
  stock: Stock
  rooms: Rooms
  room_tokens: RoomTokens
  room_memberships: RoomMemberships
  conversations: Conversations
  messages: Messages
  retention_settings: RetentionSettings
  bots: Bots
  webhook_urls: WebhookUrls
  bot_deliveries: BotDeliveries
  meetings: Meetings
  meeting_dial_outs: MeetingDialOuts
  invitation_mails: InvitationMails
  principals: Principals
  policies: Policies
  principal_policies: PrincipalPolicies
  access_keys: AccessKeys
  journal: Journal
}

type License = 'Basic' | 'Plus' | 'Pro' | 'ProTrial'
type PhoneNumberType = 'Local' | 'TollFree'
type ProductType = 'BusinessCalling' | 'VoiceConnector' | 'SipMediaApplicationDialIn'

export type TableName = keyof Tables
export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>

export type Connection = Kysely<Tables>
