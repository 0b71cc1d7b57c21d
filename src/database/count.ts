import { type SelectQueryBuilder, sql } from 'kysely'

/** Counts the rows of a query. PostgreSQL counts in 64 bits, which its driver returns as text. */
export async function count<Database, Table extends keyof Database>(
  query: SelectQueryBuilder<Database, Table, object>,
): Promise<number> {
  const rows = await query.select(sql<number | string>`count(*)`.as('found')).execute()
  const [row] = rows as unknown as { found: number | string }[]
  return Number(row?.found)
}
