export interface Principals {
  aws_account_id: string
  principal_name: string
  principal_type: 'Administrator' | 'Person' | 'Machine'
  created_at: string
}

export interface Policies {
  aws_account_id: string
  policy_name: string
  document: string
  created_at: string
  updated_at: string
}

/** Policies attached to principals: policies of the AWS account, or built-in ones, by name. */
export interface PrincipalPolicies {
  aws_account_id: string
  principal_name: string
  policy_name: string
  attached_at: string
}

export interface AccessKeys {
  access_key_id: string
  aws_account_id: string
  principal_name: string
  sealed_secret: string
  status: 'Active' | 'Inactive'
  /** SHA-256 of the required session token; null for a long-term key. */
  session_token_hash: string | null
  expires_at: string | null
  /** Of a temporary key: the key that issued it; when that one is deleted or switched off, so is this. */
  issued_by: string | null
  requests_per_second: number | null
  created_at: string
  /** Up to some seconds old. */
  last_used_at: string | null
}
