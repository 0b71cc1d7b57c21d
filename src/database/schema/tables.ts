/** Times are ISO-8601 UTC text, flags 0 or 1, lists JSON text. Rows of an AWS account have its id in their primary key. */
import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import {
  botDeliveries,
  bots,
  conversations,
  messages,
  retentionSettings,
  roomMemberships,
  roomTokens,
  rooms,
  webhookUrls,
} from './chat-tables.ts'
import { count, flag, json, jsonObject, nullableText, nullableTime, oneOf, text, time } from './columns.ts'
import { accessKeys, policies, principalPolicies, principals } from './identity-tables.ts'

const license = oneOf('Basic', 'Plus', 'Pro', 'ProTrial')
const phoneNumberType = oneOf('Local', 'TollFree')
const productType = oneOf('BusinessCalling', 'VoiceConnector', 'SipMediaApplicationDialIn')

export const accounts = z.object({
  aws_account_id: text,
  account_id: text,
  name: text,
  name_key: text,
  account_type: oneOf('Team', 'EnterpriseDirectory', 'EnterpriseLWA', 'EnterpriseOIDC'),
  account_status: oneOf('Active', 'Suspended'),
  default_license: license,
  supported_licenses: json(z.array(license)),
  disable_remote_control: flag,
  enable_dial_out: flag,
  created_at: time,
  deleted_at: nullableTime,
})

const accountDomains = z.object({
  aws_account_id: text,
  account_id: text,
  domain: text,
  claimed_at: time,
})

const signinDelegateGroups = z.object({
  aws_account_id: text,
  account_id: text,
  group_name: text,
  associated_at: time,
})

const awsAccountSettings = z.object({
  aws_account_id: text,
  business_calling_cdr_bucket: nullableText,
  voice_connector_cdr_bucket: nullableText,
  calling_name: nullableText,
  calling_name_updated_at: nullableTime,
})

const users = z.object({
  aws_account_id: text,
  account_id: text,
  user_id: text,
  email: nullableText,
  /** The address in lower case: unique in the whole installation. */
  email_key: nullableText,
  display_name: nullableText,
  license_type: license,
  user_type: oneOf('PrivateUser', 'SharedDevice'),
  registration_status: oneOf('Unregistered', 'Registered', 'Suspended'),
  invitation_status: oneOf('Pending', 'Accepted', 'Failed').nullable(),
  invite_id: nullableText,
  invited_at: nullableTime,
  registered_at: nullableTime,
  personal_pin: nullableText,
  signed_out_at: nullableTime,
  alexa_enabled: flag,
  alexa_room_arn: nullableText,
  inbound_calling: flag,
  outbound_calling: flag,
  sms: flag,
  created_at: time,
  deleted_at: nullableTime,
})

const phoneNumbers = z.object({
  aws_account_id: text,
  phone_number: text,
  order_id: nullableText,
  country: text,
  type: phoneNumberType,
  product_type: productType,
  /** An assigned number is not marked here: it has an open interval in `assignments`. */
  status: oneOf('AcquireInProgress', 'AcquireFailed', 'Unassigned', 'ReleaseInProgress'),
  calling_name: nullableText,
  calling_name_status: oneOf('Unassigned', 'UpdateInProgress', 'UpdateSucceeded', 'UpdateFailed'),
  calling_name_due_at: nullableTime,
  created_at: time,
  updated_at: time,
  deleted_at: nullableTime,
})

/** Intervals in which a user held a number. The interval without an end has the present holder. */
const assignments = z.object({
  aws_account_id: text,
  assignment_id: text,
  phone_number: text,
  account_id: text,
  user_id: text,
  assigned_at: time,
  assigned_by: text,
  assign_request_id: text,
  unassigned_at: nullableTime,
  unassigned_by: nullableText,
  unassign_request_id: nullableText,
})

const phoneNumberOrders = z.object({
  aws_account_id: text,
  order_id: text,
  product_type: productType,
  status: oneOf('Processing', 'Successful', 'Partial', 'Failed'),
  due_at: time,
  created_at: time,
  updated_at: time,
})

const orderedPhoneNumbers = z.object({
  aws_account_id: text,
  order_id: text,
  position: count,
  phone_number: text,
  status: oneOf('Processing', 'Acquired', 'Failed'),
})

/** Numbers that can be ordered. An ordered number stays, not available, until it is purged. */
const stock = z.object({
  phone_number: text,
  country: text,
  type: phoneNumberType,
  /** Three digits after +1, the toll-free prefix included; null outside North America. */
  area_code: nullableText,
  city_key: nullableText,
  state_key: nullableText,
  available: flag,
})

const meetings = z.object({
  aws_account_id: text,
  meeting_id: text,
  join_token_hash: text,
  created_by: text,
  created_at: time,
  ended_at: nullableTime,
})

const meetingDialOuts = z.object({
  aws_account_id: text,
  meeting_id: text,
  transaction_id: text,
  from_number: text,
  to_number: text,
  status: oneOf('Failed'),
  status_reason: nullableText,
  requested_by: text,
  request_id: text,
  requested_at: time,
})

/** Invitations to be handed to the mail server. A row is deleted when the server took the mail, or the attempt is given up. */
const invitationMails = z.object({
  aws_account_id: text,
  account_id: text,
  user_id: text,
  invite_id: text,
  attempts: count,
  due_at: time,
})

/** One row per successful writing call and per change made by a job. Sensitive members are masked. */
export const journal = z.object({
  aws_account_id: text,
  event_id: text,
  event_time: time,
  event_name: text,
  principal_arn: text,
  access_key_id: nullableText,
  request_id: text,
  source_ip: nullableText,
  user_agent: nullableText,
  request_parameters: jsonObject,
  /** The resources of the call, as `ListEvents` returns them. */
  resources: json(z.array(z.object({ ResourceType: z.string(), ResourceName: z.string() }))),
  error_code: nullableText,
})

export const tables = {
  accounts,
  account_domains: accountDomains,
  signin_delegate_groups: signinDelegateGroups,
  aws_account_settings: awsAccountSettings,
  users,
  phone_numbers: phoneNumbers,
  assignments,
  phone_number_orders: phoneNumberOrders,
  ordered_phone_numbers: orderedPhoneNumbers,
  stock,
  rooms,
  room_tokens: roomTokens,
  room_memberships: roomMemberships,
  conversations,
  messages,
  retention_settings: retentionSettings,
  bots,
  webhook_urls: webhookUrls,
  bot_deliveries: botDeliveries,
  meetings,
  meeting_dial_outs: meetingDialOuts,
  invitation_mails: invitationMails,
  principals,
  policies,
  principal_policies: principalPolicies,
  access_keys: accessKeys,
  journal,
}

export type TableName = keyof typeof tables
export type Tables = { [Name in TableName]: z.infer<(typeof tables)[Name]> }
export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>

export type Connection = Kysely<Tables>
