import type { Kysely } from 'kysely'

/** For the job that deletes those that no longer count. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('room_tokens_by_age').ifNotExists().on('room_tokens').column('created_at').execute()
}
