import type { Database } from '../database/database.ts'
import { noteUse } from '../domains/access-keys/store.ts'

/** When keys were last used: collected in memory and written periodically, so that no request waits for it. */
export interface KeyUses {
  note(accessKeyId: string, at: Date): void
  /** Writes the uses pending since the last flush; if that fails, they are kept for the next one. */
  flush(): Promise<void>
  /** Begins to flush every few seconds. */
  start(): void
  /** Flushes a last time. */
  stop(): Promise<void>
}

const intervalMs = 5_000

export function createKeyUses(database: Database): KeyUses {
  let pending = new Map<string, Date>()
  let timer: NodeJS.Timeout | undefined
  const flush = async () => {
    if (pending.size === 0) return
    const uses = pending
    pending = new Map()
    await database.write((db) => writeAll(db, uses)).catch(() => (pending = new Map([...uses, ...pending])))
  }
  return {
    note: (accessKeyId, at) => void pending.set(accessKeyId, at),
    flush,
    start: () => void (timer = setInterval(() => void flush(), intervalMs).unref()),
    stop: () => {
      clearInterval(timer)
      return flush()
    },
  }
}

/** In the order of the ids, so that replicas cannot deadlock. */
async function writeAll(db: Parameters<typeof noteUse>[0], uses: ReadonlyMap<string, Date>) {
  const sorted = [...uses].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [accessKeyId, at] of sorted) await noteUse(db, accessKeyId, at.toISOString())
}
