import { type Kysely, type MigrationLockOptions, PostgresAdapter, PostgresDialect } from 'kysely'

/**
 * The dialect without advisory locks, which Kysely takes for migrations: not every engine of the family has them, and a
 * pooler may move them to another session. The lock is a row of Kysely's lock table instead.
 */
export class PortableDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new RowLockAdapter()
  }
}

class RowLockAdapter extends PostgresAdapter {
  /** Held until the end of the transaction that the migrations run in. */
  override async acquireMigrationLock(db: Kysely<unknown>, { lockTable, lockRowId }: MigrationLockOptions) {
    const locks = db as Kysely<Record<string, { id: string }>>
    await locks.selectFrom(lockTable).select('id').where('id', '=', lockRowId).forUpdate().execute()
  }

  override async releaseMigrationLock() {}
}
