import type { Kysely } from 'kysely'

/** What an event was about, and how it was refused. Events from before have neither. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('journal')
    .addColumn('resources', 'text', (it) => it.notNull().defaultTo('[]'))
    .execute()
  await db.schema.alterTable('journal').addColumn('error_code', 'text').execute()
}
