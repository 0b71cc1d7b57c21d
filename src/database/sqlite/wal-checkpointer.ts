/** Empties the log of SQLite: a thread of its own copies it into the database file, beside the requests. */
import { extname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

/** A page that changed often meanwhile is copied once, and the disk is waited for once: it is worth waiting for many. */
const everyPages = 4000
/** So few are copied while nobody writes; for only where nothing is left uncopied the log begins anew. */
const fewPages = 300
/** Where writers are ahead of the copying, they wait for it: the log must stay far below where a commit would copy it. */
const pagesAtMost = 6000
/** About: those at the ends of the tables and their keys, and those in the middle of indexes. */
const pagesOf = { eachCommit: 6, eachWrite: 2 }

export interface Checkpoints {
  /** Notes a commit of so many writes. Where it answers a promise, the next transaction is to wait for that. */
  note(writes: number): Promise<void> | undefined
  stop(): Promise<void>
}

/**
 * It is a help, no more: what the thread leaves behind, the connection that writes copies itself before the log grows
 * too long. A server with little to write never starts the thread.
 */
export function createCheckpoints(file: string): Checkpoints {
  const copier = createCopier(file)
  const log = { pages: 0, uncopied: 0 }
  let pass: Promise<void> | undefined
  const copy = async () => {
    log.uncopied = 0
    await copier.copy()
    pass = undefined
  }
  const finish = async () => {
    await copy()
    log.pages = 0
  }
  return {
    note(writes) {
      const pages = pagesOf.eachCommit + writes * pagesOf.eachWrite
      log.pages += pages
      log.uncopied += pages
      const isLong = log.pages >= pagesAtMost
      if (pass) return isLong ? pass : undefined
      if (log.pages < everyPages) return undefined
      const isLast = isLong || log.uncopied <= fewPages
      pass = isLast ? finish() : copy()
      return isLast ? pass : undefined
    },
    stop: copier.stop,
  }
}

/** The thread, from when it is first needed. */
function createCopier(file: string) {
  let [worker, tellEnd]: [Worker | undefined, () => void] = [undefined, () => {}]
  const start = () => {
    const started = new Worker(thisFile, { workerData: file })
    started.on('message', () => {
      started.unref()
      tellEnd()
    })
    started.on('error', () => {}) // Its end is what counts.
    started.on('exit', () => {
      worker = undefined
      tellEnd()
    })
    return started
  }
  return {
    /** Resolves when it is done, or has failed: where there can be no more threads, say. Never to be called again before. */
    copy: () =>
      new Promise<void>((resolve) => {
        tellEnd = resolve
        worker ??= start()
        worker.ref()
        worker.postMessage(null)
      }).catch(() => {}),
    stop: async () => void (await worker?.terminate()),
  }
}

const thisFile = new URL(`./wal-checkpointer${extname(import.meta.url)}`, import.meta.url)

function copyWhenTold(port: MessagePort, file: string) {
  const copy = new DatabaseSync(file).prepare('PRAGMA wal_checkpoint(PASSIVE)')
  port.on('message', () => {
    copy.all()
    port.postMessage(null)
  })
}

if (!isMainThread && parentPort) copyWhenTold(parentPort, workerData as string)
