/** What a database file needs while a server runs: its WAL is copied into it now and then, and it must stay where it is. */
import type { CommitCounters, UpkeepEvents } from '../database.ts'
import { type FileWatch, watchFile } from './file-watch.ts'
import { hasWal } from './stale-wal.ts'
import type { WalCheckpointer } from './wal-checkpointer.ts'

const everyMs = 500
/** After so many looks without a commit, a checkpoint holds nothing up. */
const idleAfter = 10_000 / everyMs
/** For how many looks a server without a pause may leave pages in the WAL. */
const copyAfter = 60_000 / everyMs

export interface Upkeep {
  /** Why no write may be acknowledged; undefined if all is well. */
  readonly fault: Error | undefined
  start(events: UpkeepEvents): void
  stop(): void
}

interface Parts {
  file: string
  counters: Readonly<CommitCounters>
  checkpointer: WalCheckpointer
  /** Copies the WAL at once, by the descriptors that are open, wherever their files are now. */
  checkpoint(): void
}

export function createUpkeep(parts: Parts): Upkeep {
  let watch: FileWatch | undefined
  let timer: NodeJS.Timeout | undefined
  return {
    get fault() {
      return watch?.fault
    },
    start(events) {
      parts.checkpoint()
      // What was acknowledged is then in the file, wherever it was moved, and is not lost with a deleted WAL.
      watch = watchFile(parts.file, parts.checkpoint)
      const watching = watch
      const copy = walCopier(parts)
      timer = setInterval(() => {
        if (watching.look()) report(watching, events)
        if (!watching.fault) copy()
      }, everyMs).unref()
    },
    stop() {
      clearInterval(timer)
      // SQLite does it only if no other process has the file open.
      if (watch) parts.checkpoint()
    },
  }
}

const report = ({ fault }: FileWatch, { onLost, onRecovered }: UpkeepEvents) => (fault ? onLost(fault) : onRecovered())

/**
 * Returns a function to be called periodically. A file that is copied or moved without its WAL is then old by a minute at most,
 * and not by all that was written since the last long WAL, which for a young database is everything.
 */
function walCopier({ file, counters, checkpointer }: Parts): () => void {
  let [commits, idle, since] = [counters.commits, 0, 0]
  return () => {
    idle = counters.commits === commits ? idle + 1 : 0
    commits = counters.commits
    since++
    const isIdle = idle > 0 && idle % idleAfter === 0
    if (!isIdle && since < copyAfter) return
    if (hasWal(file)) checkpointer.copyAll(isIdle ? 'TRUNCATE' : 'PASSIVE')
    since = 0
  }
}
