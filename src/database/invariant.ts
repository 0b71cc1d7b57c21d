/** What must be true of all that is stored, told as a query for what breaks it. */
import { type RawBuilder, sql } from 'kysely'
import type { TableName, Tables } from './schema/tables.ts'
import type { Db } from './transaction.ts'

export interface Invariant {
  /** What is true, as a sentence without its full stop. */
  name: string
  /** Finds what breaks it: the column `id` names each, and is nothing that must not be shown. */
  broken: RawBuilder<{ id: string }>
}

export const invariant = (name: string, broken: RawBuilder<{ id: string }>): Invariant => ({ name, broken })

const shownAtMost = 10

export interface Breach {
  ids: string[]
  /** Whether there are more than these. */
  more: boolean
}

/** What breaks the invariant; no ids where nothing does. */
export async function findBreach(db: Db, { broken }: Invariant): Promise<Breach> {
  const query = sql<{ id: string }>`select * from (${broken}) as breach limit ${sql.lit(shownAtMost + 1)}`
  const { rows } = await query.execute(db)
  return { ids: rows.slice(0, shownAtMost).map(({ id }) => id), more: rows.length > shownAtMost }
}

type Column<Name extends TableName> = keyof Tables[Name] & string

/** Says that each row of a table has the one in another that its columns name. */
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

/** The columns that name an account in most tables. */
export const accountColumns = [
  ['aws_account_id', 'aws_account_id'],
  ['account_id', 'account_id'],
] as const
