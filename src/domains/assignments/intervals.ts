import { sql } from 'kysely'
import type { Queries } from '../../database/transaction.ts'

/**
 * The id of an interval that has ended, the empty text of one that goes on: in the very words of the indexes, or else no
 * index would be used.
 */
export const ended = sql<string>`(case when unassigned_at is null then '' else assignment_id end)`

export const isOpen = sql<boolean>`${ended} = ''`

/**
 * When the last interval ended, of the number or of the user that is to be named. It may be a little later than now: where
 * somebody else's clock is ahead, or where that transaction began later than this one and yet came first.
 */
export const lastEnd = (db: Queries, { aws_account_id }: { aws_account_id: string }) =>
  db
    .selectFrom('assignments')
    .select('unassigned_at')
    .where('aws_account_id', '=', aws_account_id)
    .orderBy(ended, 'desc')
    .limit(1)
