import { sql } from 'kysely'
import type { Queries } from '../../database/transaction.ts'

/**
 * The id of a closed interval, or the empty string for an open one. It must match the index expression literally, or the
 * indexes are not used.
 */
export const ended = sql<string>`(case when unassigned_at is null then '' else assignment_id end)`

export const isOpen = sql<boolean>`${ended} = ''`

/**
 * When the last interval of a number or user ended; the caller adds the condition. The time can lie slightly in the future
 * if another server's clock is ahead, or if a transaction that began later than this one committed first.
 */
export const lastEnd = (db: Queries, { aws_account_id }: { aws_account_id: string }) =>
  db
    .selectFrom('assignments')
    .select('unassigned_at')
    .where('aws_account_id', '=', aws_account_id)
    .orderBy(ended, 'desc')
    .limit(1)
