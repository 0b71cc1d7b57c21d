import type { Kysely } from 'kysely'
import { type Migration, Migrator, NO_MIGRATIONS } from 'kysely/migration'
import { DatabaseError } from '../database.ts'
import { up as firstLight } from './0001-first-light.ts'
import { up as settingsAndGroups } from './0002-settings-and-groups.ts'
import { up as rooms } from './0003-rooms.ts'
import { up as messages } from './0004-messages.ts'
import { up as bots } from './0005-bots.ts'
import { up as journalResources } from './0006-journal-resources.ts'
import { up as botEvents } from './0007-bot-events.ts'
import { up as meetings } from './0008-meetings.ts'
import { up as invitationMails } from './0009-invitation-mails.ts'
import { up as assignmentIndexes } from './0010-assignment-indexes.ts'
import { up as principals } from './0011-principals.ts'
import { up as boundedListings } from './0012-bounded-listings.ts'
import { up as roomTokensByAge } from './0013-room-tokens-by-age.ts'
import { yieldAfterStatement } from './yield-after-statement.ts'
import { retryConflicts } from '../batching/retry.ts'
import type { Connection } from '../schema/tables.ts'

/** All migrations in order. A released migration is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-light': { up: firstLight },
  '0002-settings-and-groups': { up: settingsAndGroups },
  '0003-rooms': { up: rooms },
  '0004-messages': { up: messages },
  '0005-bots': { up: bots },
  '0006-journal-resources': { up: journalResources },
  '0007-bot-events': { up: botEvents },
  '0008-meetings': { up: meetings },
  '0009-invitation-mails': { up: invitationMails },
  '0010-assignment-indexes': { up: assignmentIndexes },
  '0011-principals': { up: principals },
  '0012-bounded-listings': { up: boundedListings },
  '0013-room-tokens-by-age': { up: roomTokensByAge },
}

/**
 * Applies all pending migrations in one transaction, so that a process which ends in the middle changes nothing. Returns their names.
 * If several replicas start at once, one migrates and the others wait.
 */
export async function migrate(connection: Connection): Promise<string[]> {
  // On SQLite the transaction would wait for the lock of a server that writes.
  if ((await listPending(connection)).length === 0) return []
  return retryConflicts(() => connection.transaction().execute(migrateOn), classify)
}

async function migrateOn(db: Connection): Promise<string[]> {
  const { error, results = [] } = await migratorOf(db.withPlugin(yieldAfterStatement)).migrateToLatest()
  if (error) throw error
  return results.map(({ migrationName }) => migrationName)
}

export async function migrateLike(connection: Connection, other: Connection): Promise<void> {
  const applied = (await migratorOf(other).getMigrations()).filter(({ executedAt }) => executedAt !== undefined)
  await migrateTo(connection, applied.at(-1)?.name ?? NO_MIGRATIONS)
}

export async function migrateTo(connection: Connection, name: string | typeof NO_MIGRATIONS): Promise<void> {
  const { error } = await migratorOf(connection).migrateTo(name)
  if (error) throw error
}

export async function listPending(connection: Connection): Promise<string[]> {
  const all = await migratorOf(connection).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

const migratorOf = (connection: Connection) =>
  new Migrator({ db: connection, provider: { getMigrations: async () => migrations } })
/** Two replicas that create the first tables at the same time violate a unique index of the catalogue. */
const classify = (error: unknown) =>
  lostRaces.has((error as { code?: string }).code ?? '') ? ('serialisation' as const) : undefined
const lostRaces = new Set([
  '23505', // unique_violation
  '25P02', // in_failed_sql_transaction: Kysely continued after a failed statement
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '42P07', // duplicate_table
])

/** Refuses, with `DatabaseError`, a database that is not Belfry's or is newer than this program. */
export async function assertOurs(connection: Connection): Promise<void> {
  const tables = await connection.introspection.getTables({ withInternalKyselyTables: true })
  if (tables.length === 0) return
  if (!tables.some(({ name }) => name === 'kysely_migration'))
    throw new DatabaseError('holds tables of another program, not a Belfry database')
  const unknown = await unknownMigrations(connection)
  if (unknown.length > 0)
    throw new DatabaseError(`was made by a newer version of Belfry (it has ${unknown.join(', ')}); nothing was changed`)
}

async function unknownMigrations(connection: Connection) {
  const bookkeeping = connection as unknown as Kysely<{ kysely_migration: { name: string } }>
  const applied = await bookkeeping.selectFrom('kysely_migration').select('name').execute()
  return applied.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name))
}
