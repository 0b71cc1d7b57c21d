/** Checkpoints the WAL of SQLite on a worker thread, so that requests do not wait for it. */
import { extname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { toUrl } from './file-url.ts'

/** A checkpoint copies a page once, however often it changed, and syncs once: it is worth waiting for many pages. */
const startAtPages = 4000
/** So few pages are copied while no transaction writes: SQLite resets the WAL only if no page is left to copy. */
const finishAtPages = 300
/** From here on writers wait for the checkpoint, so that the WAL stays far below the size at which a commit checkpoints it. */
const stallAtPages = 6000
/** Estimates: a commit writes the ends of tables and keys, each write the middle of indexes. */
const pagesPer = { commit: 6, write: 2 }

export interface WalCheckpointer {
  /** Counts the pages of a commit. If it returns a promise, the next transaction has to wait for it. */
  recordCommit(writes: number): Promise<void> | undefined
  /** Copies all pages, however few. @param mode `TRUNCATE` holds writers up for the moment in which it empties the WAL */
  copyAll(mode: Mode): void
  stop(): Promise<void>
}

type Mode = 'PASSIVE' | 'TRUNCATE'

/** An optimisation: pages that the thread leaves behind are checkpointed by the writing connection. */
export function createWalCheckpointer(file: string): WalCheckpointer {
  const worker = createCheckpointWorker(file)
  const wal = { pages: 0, uncopied: 0 }
  let pass: Promise<void> | undefined
  const copy = async (mode: Mode = 'PASSIVE') => {
    wal.uncopied = 0
    await worker.checkpoint(mode)
    pass = undefined
  }
  const finish = async (mode?: Mode) => {
    await copy(mode)
    wal.pages = 0
  }
  return {
    recordCommit(writes) {
      const pages = pagesPer.commit + writes * pagesPer.write
      wal.pages += pages
      wal.uncopied += pages
      const isLong = wal.pages >= stallAtPages
      if (pass) return isLong ? pass : undefined
      if (wal.pages < startAtPages) return undefined
      const isLast = isLong || wal.uncopied <= finishAtPages
      pass = isLast ? finish() : copy()
      return isLast ? pass : undefined
    },
    copyAll: (mode) => void (pass ??= mode === 'TRUNCATE' ? finish(mode) : copy(mode)),
    stop: worker.stop,
  }
}

function createCheckpointWorker(file: string) {
  let [worker, onEnd]: [Worker | undefined, () => void] = [undefined, () => {}]
  const start = () => {
    const started = new Worker(thisFile, { workerData: file })
    started.on('message', () => {
      started.unref()
      onEnd()
    })
    started.on('error', () => {}) // An exit follows.
    started.on('exit', () => {
      worker = undefined
      onEnd()
    })
    return started
  }
  return {
    /** Resolves when the checkpoint has ended or failed, for example because no thread can be started. One at a time. */
    checkpoint: (mode: Mode) =>
      new Promise<void>((resolve) => {
        onEnd = resolve
        worker ??= start()
        worker.ref()
        worker.postMessage(mode)
      }).catch(() => {}),
    stop: async () => void (await worker?.terminate()),
  }
}

const thisFile = new URL(`./wal-checkpointer${extname(import.meta.url)}`, import.meta.url)

function checkpointOnMessage(port: MessagePort, file: string) {
  // Without `mode=rw` a file that was moved away would be created again, empty.
  const database = new DatabaseSync(toUrl(file, 'mode=rw'))
  const checkpoint = (mode: Mode) => database.prepare(`PRAGMA wal_checkpoint(${mode})`).all()
  port.on('message', (mode: Mode) => {
    // First without a lock, so that `TRUNCATE`, which takes that of the writers, finds next to nothing to copy.
    checkpoint('PASSIVE')
    if (mode === 'TRUNCATE') checkpoint(mode)
    port.postMessage(null)
  })
}

if (!isMainThread && parentPort) checkpointOnMessage(parentPort, workerData as string)
