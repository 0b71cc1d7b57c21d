import { ServiceError, limitExceeded, notFound } from '../../contract/errors.ts'
import { builtInPolicies } from '../policies/builtin.ts'

/** The form of an IAM user's ARN. */
export const arnOf = (awsAccountId: string, principalName: string): string =>
  `arn:aws:iam::${awsAccountId}:user/${principalName}`

/** The limit of IAM. [documented] */
const policiesAtMost = 10

/** Throws `ResourceLimitExceededException`. */
export function assertAttachable(attached: readonly string[], policyName: string): void {
  if (!attached.includes(policyName) && attached.length >= policiesAtMost)
    throw limitExceeded(policiesAtMost, 'policies per principal')
}

/** Throws `NotFoundException`. */
export function assertAttached(attached: readonly string[], policyName: string): void {
  if (!attached.includes(policyName)) throw notFound('Policy', policyName)
}

export const isBuiltIn = (policyName: string): boolean => builtInPolicies.has(policyName)

/** Throws `ConflictException`. */
export function assertNew(existing: unknown, what: string): void {
  if (existing !== undefined) throw new ServiceError('ConflictException', `${what} exists already`)
}
