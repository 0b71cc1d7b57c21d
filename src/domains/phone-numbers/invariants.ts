import { sql } from 'kysely'
import { type Invariant, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  invariant(
    'a number belongs to one AWS account at most',
    sql`select phone_number as id from phone_numbers where status <> 'AcquireFailed' group by phone_number having count(*) > 1`,
  ),
  invariant(
    'a number is in the deletion queue if and only if it says since when',
    sql`select phone_number as id from phone_numbers where (status = 'ReleaseInProgress') <> (deleted_at is not null)`,
  ),
  invariant(
    'a calling name that is pending says when it is due',
    sql`select phone_number as id from phone_numbers
      where (calling_name_status = 'UpdateInProgress') <> (calling_name_due_at is not null)
      or (calling_name_status = 'Unassigned') <> (calling_name is null)`,
  ),
  invariant(
    'a number has the status that it has in its order',
    sql`select n.phone_number as id from phone_numbers n
      left join ordered_phone_numbers l
      on l.aws_account_id = n.aws_account_id and l.order_id = n.order_id and l.phone_number = n.phone_number
      where n.order_id is not null and (l.status is null or l.status <> case n.status
        when 'AcquireInProgress' then 'Processing' when 'AcquireFailed' then 'Failed' else 'Acquired' end)`,
  ),
  invariant(
    'a number that is being acquired has an order',
    sql`select phone_number as id from phone_numbers where status = 'AcquireInProgress' and order_id is null`,
  ),
]
