/** Prevents changes that would leave an AWS account without a usable administrator key. */
import { ServiceError } from '../../contract/errors.ts'
import type { OperationContext } from '../operation.ts'
import { findAdministratorKey } from './store.ts'

/**
 * Runs `change`. Throws `ConflictException` if the AWS account had an administrator with an active key before the change
 * and has none after it.
 */
export async function keepingAdministrator(
  { db, caller }: OperationContext,
  change: () => Promise<void>,
): Promise<void> {
  const before = await findAdministratorKey(db, caller.awsAccountId)
  await change()
  if (before && !(await findAdministratorKey(db, caller.awsAccountId)))
    throw new ServiceError('ConflictException', 'That would leave no active key with the policy AdministratorAccess')
}
