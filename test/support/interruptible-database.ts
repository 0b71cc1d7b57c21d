/** A database that a test can make unavailable, and available again. */
import { DatabaseSync } from 'node:sqlite'
import { isSqlite } from './belfry.ts'
import { type TcpProxy, startTcpProxy } from './tcp-proxy.ts'

export type InterruptibleDatabase = Pick<TcpProxy, 'url' | 'cut' | 'restore'>

/** SQLite: another connection locks the file. PostgreSQL: a proxy drops every connection and refuses new ones. */
export const makeInterruptible = async (url: string): Promise<InterruptibleDatabase> =>
  isSqlite(url) ? makeLockable(url) : startTcpProxy(url)

function makeLockable(url: string): InterruptibleDatabase {
  let lock: DatabaseSync | undefined
  return {
    url,
    cut() {
      lock = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5_000 })
      lock.exec('BEGIN EXCLUSIVE')
    },
    restore: async () => lock?.close(),
  }
}
