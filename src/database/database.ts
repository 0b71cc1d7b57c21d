import type { Connection } from './schema/tables.ts'
import type { ConflictKeys, TransactionBody } from './transaction.ts'

/** Counts since the database was opened. */
export interface CommitCounters {
  commits: number
  /** The transactions that the commits contained. */
  writes: number
}

/** The store, with the same guarantees on both engines. */
export interface Database {
  /**
   * Runs `body` in a transaction and resolves once it is on disk. Throws `ServiceUnavailableException` if the store cannot
   * serve.
   * @param conflictKeys if given, the transaction may be interleaved with others
   */
  write<Result>(body: TransactionBody<Result>, conflictKeys?: ConflictKeys): Promise<Result>
  /** Runs `body` on a consistent snapshot of committed data. */
  read<Result>(body: TransactionBody<Result>): Promise<Result>
  /** Goes on counting. */
  readonly counters: Readonly<CommitCounters>
  close(): Promise<void>
}

/** A database that cannot be opened. The message continues "The database <url>", for example "is an empty file". */
export class DatabaseError extends Error {}

/** The cause of an error that only says that the store is unavailable. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message : message
}

/** What an engine hands to `openDatabase`. */
export interface Engine {
  connection: Connection
  database: Database
  /** Called once the database is known to be Belfry's: only then may the file itself be changed. */
  onVerified(): void
}
