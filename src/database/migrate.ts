import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { DatabaseError } from './database.ts'
import { up as firstLight } from './migrations/0001-first-light.ts'
import { up as settingsAndGroups } from './migrations/0002-settings-and-groups.ts'
import { up as rooms } from './migrations/0003-rooms.ts'
import { up as messages } from './migrations/0004-messages.ts'
import { up as bots } from './migrations/0005-bots.ts'
import { up as journalResources } from './migrations/0006-journal-resources.ts'
import { up as botEvents } from './migrations/0007-bot-events.ts'
import { up as meetings } from './migrations/0008-meetings.ts'
import { up as invitationMails } from './migrations/0009-invitation-mails.ts'
import type { Connection } from './tables.ts'

/** Every change of the schema, in order; none is ever edited once released. */
const migrations: Record<string, Migration> = {
  '0001-first-light': { up: firstLight },
  '0002-settings-and-groups': { up: settingsAndGroups },
  '0003-rooms': { up: rooms },
  '0004-messages': { up: messages },
  '0005-bots': { up: bots },
  '0006-journal-resources': { up: journalResources },
  '0007-bot-events': { up: botEvents },
  '0008-meetings': { up: meetings },
  '0009-invitation-mails': { up: invitationMails },
}

/** Brings the schema up to date, and answers what that took: the names of the migrations. */
export async function migrate(connection: Connection): Promise<string[]> {
  const { error, results = [] } = await migratorOf(connection).migrateToLatest()
  if (error) throw error
  return results.map(({ migrationName }) => migrationName)
}

/** The names of the migrations that are still to be applied. */
export async function listPending(connection: Connection): Promise<string[]> {
  const all = await migratorOf(connection).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

const migratorOf = (connection: Connection) =>
  new Migrator({ db: connection, provider: { getMigrations: async () => migrations } })

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
