import { type Kysely, type MigrationLockOptions, PostgresAdapter, PostgresDialect } from 'kysely'

/**
 * PostgreSQL as its relatives know it too. Kysely's own lock for migrations is an advisory one, which not every
 * engine has, and which a pooler may take to another session; this one is a row of Kysely's lock table.
 */
export class PortableDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new RowLockAdapter()
  }
}

class RowLockAdapter extends PostgresAdapter {
  /** Holds until the end of the transaction that the migrations run in. */
  override async acquireMigrationLock(db: Kysely<unknown>, { lockTable, lockRowId }: MigrationLockOptions) {
    const locks = db as Kysely<Record<string, { id: string }>>
    await locks.selectFrom(lockTable).select('id').where('id', '=', lockRowId).forUpdate().execute()
  }

  override async releaseMigrationLock() {}
}
