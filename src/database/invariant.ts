/** Invariants of the stored data, each with a query for the rows that violate it. */
import { type RawBuilder, sql } from 'kysely'
import type { TableName, Tables } from './schema/tables.ts'
import type { Db } from './transaction.ts'

export interface Invariant {
  name: string
  /** Finds violations. The column `id` names each, and holds nothing sensitive. */
  broken: RawBuilder<{ id: string }>
}

export const invariant = (name: string, broken: RawBuilder<{ id: string }>): Invariant => ({ name, broken })

export const shownAtMost = 10

export interface Breach {
  ids: string[]
  more: boolean
}

export async function findBreach(db: Db, { broken }: Invariant): Promise<Breach> {
  const query = sql<{ id: string }>`select * from (${broken}) as breach limit ${sql.lit(shownAtMost + 1)}`
  const { rows } = await query.execute(db)
  return { ids: rows.slice(0, shownAtMost).map(({ id }) => id), more: rows.length > shownAtMost }
}

type Column<Name extends TableName> = keyof Tables[Name] & string

export function belongsTo<Child extends TableName, Parent extends TableName>(
  name: string,
  [child, id]: readonly [Child, Column<Child>],
  parent: Parent,
  columns: readonly (readonly [Column<Child>, Column<Parent>])[],
): Invariant {
  const pairs = columns.map(([own, other]) => sql`${sql.ref(`parent.${other}`)} = ${sql.ref(`child.${own}`)}`)
  return invariant(
    name,
    sql`select ${sql.ref(`child.${id}`)} as id from ${sql.table(child)} as child
      where not exists (select 1 from ${sql.table(parent)} as parent where ${sql.join(pairs, sql` and `)})`,
  )
}

export const accountColumns = [
  ['aws_account_id', 'aws_account_id'],
  ['account_id', 'account_id'],
] as const
