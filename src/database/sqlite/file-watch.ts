/** Notices that the open file is no longer the file at its path: what is written to it would be gone at the next start. */
import { type BigIntStats, statSync } from 'node:fs'
import { walOf } from './stale-wal.ts'

export interface FileWatch {
  /** Why the open file is not the one at its path; undefined if it is. */
  readonly fault: Error | undefined
  look(): boolean
}

/** To be called while the database has its WAL. @param rescue called when the file is lost, and may still write to it */
export function watchFile(file: string, rescue: () => void): FileWatch {
  const opened = [file, walOf(file)].map((path) => ({ path, identity: identityOf(statOf(path)) }))
  let [fault, lostAt]: [Error | undefined, number] = [undefined, 0]
  const findFault = () =>
    opened.map(findDifference).find((found) => found !== undefined) ?? (fault && findChange(file, lostAt))
  return {
    get fault() {
      return fault
    },
    look() {
      const before = fault
      fault = findFault()
      if (fault && !before) {
        rescue()
        lostAt = Date.now()
      }
      return (fault === undefined) !== (before === undefined)
    },
  }
}

interface OpenedFile {
  path: string
  identity: string | undefined
}

function findDifference({ path, identity }: OpenedFile): Error | undefined {
  const found = identityOf(statOf(path))
  if (found === identity) return undefined
  return new Error(`${path} was ${found === undefined ? 'moved or deleted' : 'replaced'} while it was open`)
}

/** A change that SQLite does not know of, because it was made under another path: its caches would damage the file. */
function findChange(file: string, lostAt: number): Error | undefined {
  if (Number(statOf(file)?.mtimeMs ?? 0) <= lostAt) return undefined
  return new Error(`${file} is back, but was changed meanwhile; start the server again`)
}

const identityOf = (stats: BigIntStats | undefined) => (stats ? `${stats.dev} ${stats.ino}` : undefined)

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true })
  } catch {
    return undefined
  }
}
