import type { Kysely } from 'kysely'

/** The resources of an event, and the error of a refused call. Older events have neither. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('journal')
    .addColumn('resources', 'text', (it) => it.notNull().defaultTo('[]'))
    .execute()
  await db.schema.alterTable('journal').addColumn('error_code', 'text').execute()
}
