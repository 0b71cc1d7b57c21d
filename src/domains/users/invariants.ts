import { sql } from 'kysely'
import { type Invariant, accountColumns, belongsTo, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('a user has their account', ['users', 'user_id'], 'accounts', accountColumns),
  invariant(
    'a user was deleted when their account was, or before',
    sql`select u.user_id as id from users u
      join accounts a on a.aws_account_id = u.aws_account_id and a.account_id = u.account_id
      where u.deleted_at is null and a.deleted_at is not null`,
  ),
  invariant(
    'an address belongs to one user at most',
    sql`select min(user_id) as id from users where deleted_at is null and email_key is not null
      group by email_key having count(*) > 1`,
  ),
  invariant(
    'who has not registered has no PIN',
    sql`select user_id as id from users where registration_status = 'Unregistered' and personal_pin is not null`,
  ),
  belongsTo('an invitation that is to be mailed has its user', ['invitation_mails', 'user_id'], 'users', [
    ...accountColumns,
    ['user_id', 'user_id'],
  ]),
]
