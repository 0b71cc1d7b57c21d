/** Who may call, and what: part of `tables.ts`. */

/** Who can be given keys: a person, a machine, an administrator. */
export interface Principals {
  aws_account_id: string
  principal_name: string
  principal_type: 'Administrator' | 'Person' | 'Machine'
  created_at: string
}

export interface Policies {
  aws_account_id: string
  policy_name: string
  /** An IAM policy document, as it was given. */
  document: string
  created_at: string
  updated_at: string
}

/** What a principal may do: policies of the AWS account, or built-in ones, by name. */
export interface PrincipalPolicies {
  aws_account_id: string
  principal_name: string
  policy_name: string
  attached_at: string
}

export interface AccessKeys {
  /** Unique in the whole installation. */
  access_key_id: string
  aws_account_id: string
  principal_name: string
  sealed_secret: string
  status: 'Active' | 'Inactive'
  /** SHA-256 of the session token that must come along; null for a long-term key. */
  session_token_hash: string | null
  expires_at: string | null
  /** Of a temporary key: the key that asked for it, and ends it when it ends. */
  issued_by: string | null
  requests_per_second: number | null
  created_at: string
  /** Some seconds late. */
  last_used_at: string | null
}
