import { type Kysely, type MigrationLockOptions, PostgresAdapter, PostgresDialect } from 'kysely'
import { SchemaIntrospector } from './introspection.ts'

export class PortableDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new RowLockAdapter()
  }

  override createIntrospector(db: Kysely<unknown>): SchemaIntrospector {
    return new SchemaIntrospector(db)
  }
}

/** Locks a row for migrations, where Kysely takes an advisory lock, which not every engine of the family has. */
class RowLockAdapter extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>, { lockTable, lockRowId }: MigrationLockOptions) {
    const locks = db as Kysely<Record<string, { id: string }>>
    await locks.selectFrom(lockTable).select('id').where('id', '=', lockRowId).forUpdate().execute()
  }

  override async releaseMigrationLock() {}
}
