import { sql } from 'kysely'

/**
 * The id of an interval that has ended, the empty text of one that goes on: in the very words of the indexes, or else no
 * index would be used.
 */
export const ended = sql<string>`(case when unassigned_at is null then '' else assignment_id end)`

export const isOpen = sql<boolean>`${ended} = ''`
