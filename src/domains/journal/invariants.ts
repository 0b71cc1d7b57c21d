import { sql } from 'kysely'
import { type Invariant, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  invariant(
    'the journal is in the order of its times',
    sql`select event_id as id from (
      select event_id, event_time, lag(event_time) over (partition by aws_account_id order by event_id) as time_before
      from journal) as events
      where time_before > event_time`,
  ),
]
