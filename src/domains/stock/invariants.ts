import { sql } from 'kysely'
import { type Invariant, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  invariant(
    'a number that somebody has is not for sale',
    sql`select s.phone_number as id from stock s join phone_numbers n on n.phone_number = s.phone_number
      where s.available = 1 and n.status <> 'AcquireFailed'`,
  ),
]
