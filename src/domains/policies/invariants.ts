import { sql } from 'kysely'
import { type Invariant, belongsTo, invariant } from '../../database/invariant.ts'
import { builtInPolicies } from './builtin.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('who has a policy is a principal that there is', ['principal_policies', 'principal_name'], 'principals', [
    ['aws_account_id', 'aws_account_id'],
    ['principal_name', 'principal_name'],
  ]),
  invariant(
    'a policy that somebody has is stored or built in',
    sql`select a.policy_name as id from principal_policies a where a.policy_name not in (${sql.join([...builtInPolicies.keys()])})
      and not exists (select 1 from policies p where p.aws_account_id = a.aws_account_id and p.policy_name = a.policy_name)`,
  ),
]
