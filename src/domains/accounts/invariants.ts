import { sql } from 'kysely'
import { type Invariant, accountColumns, belongsTo, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  invariant(
    'a claimed domain has its account',
    sql`select d.domain as id from account_domains d
      left join accounts a on a.aws_account_id = d.aws_account_id and a.account_id = d.account_id
      where a.account_id is null or a.deleted_at is not null`,
  ),
  belongsTo('a delegate group has its account', ['signin_delegate_groups', 'account_id'], 'accounts', accountColumns),
]
