/** Policies of AWS accounts: SQL, and only SQL. */
import { notFound } from '../../contract/errors.ts'
import type { PageRequest } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'

export type PolicyRow = Row<'policies'>
type Owner = Pick<Caller, 'awsAccountId'>

export function findPolicy(db: Db, { awsAccountId }: Owner, policyName: string): Promise<PolicyRow | undefined> {
  return db
    .selectFrom('policies')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .where('policy_name', '=', policyName)
    .executeTakeFirst()
}

/** Throws `NotFoundException`. */
export async function requirePolicy(db: Db, owner: Owner, policyName: string): Promise<PolicyRow> {
  const policy = await findPolicy(db, owner, policyName)
  if (!policy) throw notFound('Policy', policyName)
  return policy
}

/** Creates the policy or replaces its document. */
export async function putPolicy(db: Db, policy: PolicyRow): Promise<void> {
  const { document, updated_at } = policy
  await db
    .insertInto('policies')
    .values(policy)
    .onConflict((conflict) => conflict.columns(['aws_account_id', 'policy_name']).doUpdateSet({ document, updated_at }))
    .execute()
}

/** Ordered by name. */
export function listPolicies(db: Db, { awsAccountId }: Owner, { limit, after }: PageRequest): Promise<PolicyRow[]> {
  let query = db
    .selectFrom('policies')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .orderBy('policy_name')
    .limit(limit)
  if (after) query = query.where('policy_name', '>', after[0])
  return query.execute()
}

export async function deletePolicy(db: Db, { aws_account_id, policy_name }: PolicyRow): Promise<void> {
  await db
    .deleteFrom('policies')
    .where('aws_account_id', '=', aws_account_id)
    .where('policy_name', '=', policy_name)
    .execute()
}
