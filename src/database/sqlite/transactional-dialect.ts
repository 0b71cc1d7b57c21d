import { SqliteAdapter, type SqliteDatabase, SqliteDialect, SqliteDriver } from 'kysely'

type Execute = (command: 'begin immediate' | 'commit' | 'rollback') => void

/** Kysely runs migrations on SQLite without a transaction, though SQLite can roll back a change of the schema like any other. */
export class TransactionalDialect extends SqliteDialect {
  readonly #database: SqliteDatabase
  readonly #execute: Execute

  constructor(database: SqliteDatabase, execute: Execute) {
    super({ database })
    this.#database = database
    this.#execute = execute
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#database, this.#execute)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Takes the write lock at once: a transaction that has read and then finds the lock taken could only be rolled back. */
class ImmediateDriver extends SqliteDriver {
  readonly #execute: Execute

  constructor(database: SqliteDatabase, execute: Execute) {
    super({ database })
    this.#execute = execute
  }

  override async beginTransaction(): Promise<void> {
    this.#execute('begin immediate')
  }

  override async commitTransaction(): Promise<void> {
    this.#execute('commit')
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      this.#execute('rollback')
    } catch {
      // After a full disk SQLite has rolled back by itself. The error of the statement is the one to report.
    }
  }
}
