import type { ConflictKeys } from './transaction.ts'
import type { Connection } from './schema/tables.ts'
import type { Db } from './transaction.ts'

/** What was put on disk since the database was opened. */
export interface CommitCounters {
  commits: number
  /** Transactions the commits carried. */
  writes: number
}

/** The store: what a caller may rely on is the same in both engines. */
export interface Database {
  /**
   * Runs `work` in one transaction and resolves once it is on disk. `work` may run more than once, so it
   * must touch nothing but `db`. Throws `ServiceUnavailableException` where the store cannot serve.
   * @param touches where told, it may be done side by side with others
   */
  write<Result>(work: (db: Db) => Promise<Result>, touches?: ConflictKeys): Promise<Result>
  /** Runs `work` on a consistent snapshot of what has been committed. */
  read<Result>(work: (db: Db) => Promise<Result>): Promise<Result>
  /** Goes on counting. */
  readonly counters: Readonly<CommitCounters>
  close(): Promise<void>
}

/** A database that cannot be opened. The message goes on after "The database <url>": "is an empty file", say. */
export class DatabaseError extends Error {}

/** What lies beneath, where the store only says that it is unavailable. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message : message
}

/** What an engine hands to `openDatabase`. */
export interface Engine {
  connection: Connection
  database: Database
  /** Called once the database is known to be ours: only then may the file itself be changed. */
  onVerified(): void
}
