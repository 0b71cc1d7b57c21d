import { z } from 'zod'
import { count, jsonObject, nullableText, nullableTime, oneOf, text, time } from './columns.ts'

export const principals = z.object({
  aws_account_id: text,
  principal_name: text,
  principal_type: oneOf('Administrator', 'Person', 'Machine'),
  created_at: time,
})

export const policies = z.object({
  aws_account_id: text,
  policy_name: text,
  document: jsonObject,
  created_at: time,
  updated_at: time,
})

/** Policies attached to principals: policies of the AWS account, or built-in ones, by name. */
export const principalPolicies = z.object({
  aws_account_id: text,
  principal_name: text,
  policy_name: text,
  attached_at: time,
})

export const accessKeys = z.object({
  access_key_id: text,
  aws_account_id: text,
  principal_name: text,
  sealed_secret: text,
  status: oneOf('Active', 'Inactive'),
  /** SHA-256 of the required session token; null for a long-term key. */
  session_token_hash: nullableText,
  expires_at: nullableTime,
  /** Of a temporary key: the key that issued it; when that one is deleted or switched off, so is this. */
  issued_by: nullableText,
  requests_per_second: count.nullable(),
  created_at: time,
  last_used_at: nullableTime,
})
