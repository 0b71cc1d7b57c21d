import type { Connection } from './schema/tables.ts'
import type { ConflictKeys, TransactionBody } from './transaction.ts'

export interface CommitCounters {
  commits: number
  writes: number
}

export interface Database {
  /**
   * Resolves once the transaction is on disk. Throws `ServiceUnavailableException` if the store cannot serve.
   * @param conflictKeys if given, the transaction may be interleaved with others
   */
  write<Result>(body: TransactionBody<Result>, conflictKeys?: ConflictKeys): Promise<Result>
  /** Runs `body` on a consistent snapshot of committed data. */
  read<Result>(body: TransactionBody<Result>): Promise<Result>
  /** As `read`, for what looks through many rows: on SQLite all requests that wait are served between any two of these. */
  scan<Result>(body: TransactionBody<Result>): Promise<Result>
  isReadable(): Promise<boolean>
  /** Begins the work that a database needs while a server runs. It ends with `close`. */
  startUpkeep(notify: UpkeepEvents): void
  readonly counters: Readonly<CommitCounters>
  close(): Promise<void>
}

export interface UpkeepEvents {
  onLost(reason: Error): void
  onRecovered(): void
}

/** A database that cannot be opened. The message continues "The database <url>", for example "is an empty file". */
export class DatabaseError extends Error {}

/** The cause of an error that only says that the store is unavailable. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message : message
}

export interface Engine {
  connection: Connection
  database: Database
  /** Throws `DatabaseError` if the content was lost, so that it is not taken for a new database. */
  assertComplete(): void
  onMigrated(): void
}
