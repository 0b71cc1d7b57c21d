import { sql } from 'kysely'
import type { Database } from '../../database/database.ts'
import { type Position, horizonOf, isAfter, scanBudget } from '../../database/pagination.ts'
import { readInSlices } from '../../database/slices.ts'
import type { Db } from '../../database/transaction.ts'
import { isOpen } from '../assignments/intervals.ts'

/** Across all AWS accounts. Assigned numbers are stored as Unassigned and have an open interval in `assignments`. */
export async function countByStatus(scan: Database['scan']): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for await (const rows of readInSlices(scan, countSliceByStatus))
    for (const { status, assigned, found } of rows) {
      const shown = assigned === 1 ? 'Assigned' : status
      counts[shown] = (counts[shown] ?? 0) + Number(found)
    }
  return counts
}

/** In two queries with the same bounds: the rows of the slice, and where it ends. */
async function countSliceByStatus(db: Db, after: Position) {
  const slice = db
    .selectFrom('phone_numbers')
    .where(isAfter('aws_account_id', 'phone_number', after))
    .orderBy('aws_account_id')
    .orderBy('phone_number')
  const until = await horizonOf(slice.select(['aws_account_id as first', 'phone_number as second']))
  const rows = await db
    .selectFrom(slice.select(['aws_account_id', 'phone_number', 'status']).limit(scanBudget.rows).as('numbers'))
    .leftJoin('assignments', (join) =>
      join
        .onRef('assignments.aws_account_id', '=', 'numbers.aws_account_id')
        .onRef('assignments.phone_number', '=', 'numbers.phone_number')
        .on(isOpen),
    )
    .select(({ fn }) => ['status', isAssigned.as('assigned'), fn.countAll<number | string>().as('found')])
    .groupBy(['status', isAssigned])
    .execute()
  return { rows, until }
}

const isAssigned = sql<number>`(case when assignments.user_id is null then 0 else 1 end)`
