import { ServiceError, badRequest } from '../../contract/errors.ts'
import { builtInPolicies } from './builtin.ts'
import { checkPolicy } from './check.ts'
import { PolicyError } from './reading.ts'

/** Throws a `BadRequestException` that names the place. */
export function assertEnforceable(document: string, awsAccountId: string): void {
  try {
    checkPolicy(document, awsAccountId)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw badRequest(`The policy cannot be used. ${error.message}`)
  }
}

/** Throws `ForbiddenException`. */
export function assertOwn(policyName: string): void {
  if (builtInPolicies.has(policyName))
    throw new ServiceError('ForbiddenException', `The policy ${policyName} is built in and cannot be changed`)
}

/** Throws `ConflictException`, because deleting an attached policy could remove a Deny from a principal. */
export function assertDetached(policyName: string, attached: boolean): void {
  if (attached) throw new ServiceError('ConflictException', `The policy ${policyName} is attached to a principal`)
}
