/** Bounds the policies of a principal, because each of its requests is compared with all of them. */
import { limitExceeded } from '../../contract/errors.ts'
import type { OperationContext } from '../operation.ts'
import { findLongestPolicies } from './store.ts'

/** About what IAM allows: ten managed policies of 6,144 characters, and 2,048 of its own. */
const charactersAtMost = 65_536

interface Affected {
  policyName: string
  /** By default all principals that have the policy. */
  principalName?: string
}

/**
 * Runs `change`. Throws `ResourceLimitExceededException` if it makes the policies of a principal longer and they are too
 * long after it. Longer ones that are stored already go on working, and may become shorter.
 */
export async function keepingPoliciesShort(
  { db, caller }: OperationContext,
  { policyName, principalName }: Affected,
  change: () => Promise<void>,
): Promise<void> {
  const policy = { aws_account_id: caller.awsAccountId, policy_name: policyName }
  const before = await findLongestPolicies(db, policy, principalName)
  await change()
  const after = await findLongestPolicies(db, policy, principalName)
  if (after && after.characters > charactersAtMost && after.characters > (before?.characters ?? 0))
    throw limitExceeded(charactersAtMost, `characters in the policies of the principal ${after.principalName}`)
}
