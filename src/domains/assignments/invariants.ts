import { sql } from 'kysely'
import { type Invariant, accountColumns, belongsTo, invariant } from '../../database/invariant.ts'

const number = sql`aws_account_id, phone_number`
const user = sql`aws_account_id, account_id, user_id`

export const invariants: readonly Invariant[] = [
  invariant('a number has one holder at most', heldTwice(number)),
  invariant('a user holds one number at most', heldTwice(user)),
  invariant('nobody got a number before the last holder gave it back', overlapping(number)),
  invariant('nobody got a number before giving back the one they had', overlapping(user)),
  invariant(
    'no assignment ends before it begins',
    sql`select assignment_id as id from assignments where unassigned_at < assigned_at`,
  ),
  invariant(
    'an assignment that ended says when, by whom and by which request',
    sql`select assignment_id as id from assignments
      where (unassigned_at is null) <> (unassigned_by is null) or (unassigned_at is null) <> (unassign_request_id is null)`,
  ),
  invariant(
    'a number that is held is in the inventory, and usable',
    sql`select a.phone_number as id from assignments a
      left join phone_numbers n on n.aws_account_id = a.aws_account_id and n.phone_number = a.phone_number
      where a.unassigned_at is null and (n.status is null or n.status <> 'Unassigned')`,
  ),
  invariant(
    'who holds a number has not been deleted',
    sql`select a.user_id as id from assignments a
      join users u on u.aws_account_id = a.aws_account_id and u.account_id = a.account_id and u.user_id = a.user_id
      where a.unassigned_at is null and u.deleted_at is not null`,
  ),
  belongsTo('who held a number is on record', ['assignments', 'user_id'], 'users', [
    ...accountColumns,
    ['user_id', 'user_id'],
  ]),
]

function heldTwice(holder: typeof number) {
  return sql<{ id: string }>`select min(phone_number) as id from assignments where unassigned_at is null
    group by ${holder} having count(*) > 1`
}

/** An open interval sorts as ending after all others. */
function overlapping(of: typeof number) {
  return sql<{ id: string }>`select assignment_id as id from (
    select assignment_id, assigned_at, lag(coalesce(unassigned_at, '9999'))
      over (partition by ${of} order by assigned_at, coalesce(unassigned_at, '9999'), assignment_id) as last_end
    from assignments) as intervals
    where last_end > assigned_at`
}
