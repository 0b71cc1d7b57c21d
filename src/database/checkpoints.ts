/** Copies what is in the log of SQLite into the database file, in a thread of its own, beside the requests. */
import { extname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

/**
 * A page that changed often meanwhile is copied once, so it is worth waiting; but the log has to stay far below where a commit
 * would copy it.
 */
const everyPages = 1000
/** About: those at the ends of the tables and their keys, and those in the middle of indexes. */
const pages = { eachCommit: 6, eachWrite: 2 }

export interface Checkpoints {
  /** Notes a commit of so many writes. */
  note(writes: number): void
  stop(): Promise<void>
}

/**
 * It is a help, no more: what the thread leaves behind, the connection that writes copies itself before the log grows
 * too long. A server with little to write never starts the thread.
 */
export function createCheckpoints(file: string): Checkpoints {
  let [worker, isBusy, waiting]: [Worker | undefined, boolean, number] = [undefined, false, 0]
  const start = () => {
    const started = new Worker(thisFile, { workerData: file })
    started.unref()
    started.on('message', () => (isBusy = false))
    started.on('error', () => {}) // Its end is what counts.
    started.on('exit', () => ([worker, isBusy] = [undefined, false]))
    return started
  }
  return {
    note(writes) {
      waiting += pages.eachCommit + writes * pages.eachWrite
      if (isBusy || waiting < everyPages) return
      worker ??= start()
      isBusy = true
      waiting = 0
      worker.postMessage(null)
    },
    stop: async () => void (await worker?.terminate()),
  }
}

const thisFile = new URL(`./checkpoints${extname(import.meta.url)}`, import.meta.url)

function copyWhenTold(port: MessagePort, file: string) {
  const copy = new DatabaseSync(file).prepare('PRAGMA wal_checkpoint(PASSIVE)')
  port.on('message', () => {
    copy.all()
    port.postMessage(null)
  })
}

if (!isMainThread && parentPort) copyWhenTold(parentPort, workerData as string)
