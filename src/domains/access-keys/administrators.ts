/** Nobody locks the last administrator out. */
import { ServiceError } from '../../contract/errors.ts'
import type { Context } from '../operation.ts'
import { findAdministratorKey } from './store.ts'

/**
 * Makes a change. Throws `ConflictException` where it would leave the AWS account, which had an administrator with a
 * key to sign with, without any.
 */
export async function keepingAdministrator({ db, caller }: Context, change: () => Promise<void>): Promise<void> {
  const before = await findAdministratorKey(db, caller.awsAccountId)
  await change()
  if (before && !(await findAdministratorKey(db, caller.awsAccountId)))
    throw new ServiceError('ConflictException', 'That would leave no active key with the policy AdministratorAccess')
}
