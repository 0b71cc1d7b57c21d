import { type SelectQueryBuilder, sql } from 'kysely'

/** How many rows a query finds. PostgreSQL counts in 64 bits, which its driver gives as text. */
export async function count<Database, Table extends keyof Database>(
  query: SelectQueryBuilder<Database, Table, object>,
): Promise<number> {
  const rows = await query.select(sql<number | string>`count(*)`.as('found')).execute()
  const [row] = rows as unknown as { found: number | string }[]
  return Number(row?.found)
}
