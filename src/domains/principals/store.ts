/** Principals and the policies they have: SQL, and only SQL. */
import { sql } from 'kysely'
import { notFound } from '../../contract/errors.ts'
import type { PageRequest } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'

export type PrincipalRow = Row<'principals'>
export type PrincipalKey = Pick<PrincipalRow, 'aws_account_id' | 'principal_name'>
type Owner = Pick<Caller, 'awsAccountId'>

export function findPrincipal(db: Db, { awsAccountId }: Owner, name: string): Promise<PrincipalRow | undefined> {
  return db
    .selectFrom('principals')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .where('principal_name', '=', name)
    .executeTakeFirst()
}

/** Throws `NotFoundException`. */
export async function requirePrincipal(db: Db, owner: Owner, name: string): Promise<PrincipalRow> {
  const principal = await findPrincipal(db, owner, name)
  if (!principal) throw notFound('Principal', name)
  return principal
}

export async function insertPrincipal(db: Db, principal: PrincipalRow): Promise<void> {
  await db.insertInto('principals').values(principal).execute()
}

/** Ordered by name. */
export function listPrincipals(db: Db, { awsAccountId }: Owner, { limit, after }: PageRequest) {
  let query = db
    .selectFrom('principals')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .orderBy('principal_name')
    .limit(limit)
  if (after) query = query.where('principal_name', '>', after[0])
  return query.execute()
}

/** Also detaches its policies; its keys are deleted by another store. */
export async function deletePrincipal(db: Db, { aws_account_id, principal_name }: PrincipalKey): Promise<void> {
  for (const table of ['principal_policies', 'principals'] as const)
    await db
      .deleteFrom(table)
      .where('aws_account_id', '=', aws_account_id)
      .where('principal_name', '=', principal_name)
      .execute()
}

/** Ordered by name. */
export async function listAttached(db: Db, { aws_account_id, principal_name }: PrincipalKey): Promise<string[]> {
  const rows = await db
    .selectFrom('principal_policies')
    .select('policy_name')
    .where('aws_account_id', '=', aws_account_id)
    .where('principal_name', '=', principal_name)
    .orderBy('policy_name')
    .execute()
  return rows.map(({ policy_name }) => policy_name)
}

/** Whether any principal of the AWS account has the policy. */
export async function isAttached(db: Db, policy: Pick<Row<'policies'>, 'aws_account_id' | 'policy_name'>) {
  const found = await db
    .selectFrom('principal_policies')
    .select('principal_name')
    .where('aws_account_id', '=', policy.aws_account_id)
    .where('policy_name', '=', policy.policy_name)
    .executeTakeFirst()
  return found !== undefined
}

/**
 * Of the principals that have the policy, the one whose policies are the longest, and their characters together; those of
 * built-in policies do not count.
 * @param principalName only this one
 */
export async function findLongestPolicies(
  db: Db,
  policy: Pick<Row<'policies'>, 'aws_account_id' | 'policy_name'>,
  principalName?: string,
): Promise<{ principalName: string; characters: number } | undefined> {
  let query = db
    .selectFrom('principal_policies as holder')
    .innerJoin('principal_policies as pp', (join) =>
      join
        .onRef('pp.aws_account_id', '=', 'holder.aws_account_id')
        .onRef('pp.principal_name', '=', 'holder.principal_name'),
    )
    .innerJoin('policies as p', (join) =>
      join.onRef('p.aws_account_id', '=', 'pp.aws_account_id').onRef('p.policy_name', '=', 'pp.policy_name'),
    )
    .select(['holder.principal_name', sql<number | string>`sum(length(p.document))`.as('characters')])
    .where('holder.aws_account_id', '=', policy.aws_account_id)
    .where('holder.policy_name', '=', policy.policy_name)
    .groupBy('holder.principal_name')
    .orderBy('characters', 'desc')
    .limit(1)
  if (principalName !== undefined) query = query.where('holder.principal_name', '=', principalName)
  const found = await query.executeTakeFirst()
  return found && { principalName: found.principal_name, characters: Number(found.characters) }
}

/** Does nothing if the policy is attached already. */
export async function attachPolicy(db: Db, principal: PrincipalKey, policyName: string, now: string): Promise<void> {
  const { aws_account_id, principal_name } = principal
  await db
    .insertInto('principal_policies')
    .values({ aws_account_id, principal_name, policy_name: policyName, attached_at: now })
    .onConflict((conflict) => conflict.columns(['aws_account_id', 'principal_name', 'policy_name']).doNothing())
    .execute()
}

/** @param policyName by default all policies */
export async function detachPolicies(db: Db, principal: PrincipalKey, policyName?: string): Promise<void> {
  let query = db
    .deleteFrom('principal_policies')
    .where('aws_account_id', '=', principal.aws_account_id)
    .where('principal_name', '=', principal.principal_name)
  if (policyName !== undefined) query = query.where('policy_name', '=', policyName)
  await query.execute()
}
