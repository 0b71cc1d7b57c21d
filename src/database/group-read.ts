import type { Database } from './database.ts'
import type { Db } from './tables.ts'

/** The connection that reads, and what begins and ends its snapshot. */
export interface Reader {
  db: Db
  execute(command: 'begin' | 'commit'): void
}

interface Unit {
  run(db: Db): Promise<void>
  reject(error: unknown): void
}

/** Readers that arrive together share one snapshot, of what is committed when their turn comes. */
export function groupRead(reader: Reader): Database['read'] {
  let waiting: Unit[] = []
  let running = false

  async function run() {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await readAll(reader, group)
    }
    running = false
  }

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ run: (db) => work(db).then(resolve, reject), reject })
      if (!running) setImmediate(() => void run())
      running = true
    })
}

async function readAll({ db, execute }: Reader, group: Unit[]) {
  try {
    execute('begin')
    try {
      for (const unit of group) await unit.run(db)
    } finally {
      execute('commit')
    }
  } catch (error) {
    for (const unit of group) unit.reject(error)
  }
}
