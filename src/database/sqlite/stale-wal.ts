/**
 * A WAL that is not of the file beside it: of another database, or of a later moment, because an older copy was put there.
 * SQLite cannot tell, and applies it. Another database is known by its number; what comes of a later moment is as a rule
 * malformed, which is looked for where that takes but a moment.
 */
import { randomInt } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseError } from '../database.ts'
import { toUrl } from './file-url.ts'

const checkUpToBytes = 16 * 2 ** 20
/** In `user_version`: each database has a number above those that versions without such numbers, and `createFile`, left there. */
const firstNumber = 3

export const hasWal = (file: string): boolean => sizeOf(walOf(file)) > 0

export function walOf(file: string): string {
  try {
    return `${realpathSync(file)}-wal`
  } catch {
    return `${file}-wal`
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

/** To be called before `journal_mode` is set: the number of a new file is then in the file itself, as its tables are. */
export function ensureNumber(database: DatabaseSync): void {
  if (numberOf(database) >= firstNumber) return
  database.exec('BEGIN IMMEDIATE')
  if (numberOf(database) < firstNumber) database.exec(`PRAGMA user_version = ${randomInt(firstNumber, 2 ** 31)}`)
  database.exec('COMMIT')
}

const numberOf = (database: DatabaseSync) => Number(database.prepare('PRAGMA user_version').get()?.['user_version'])

/** To be called before the file is opened for writing: closing it would copy the wrong WAL into it. Throws `DatabaseError`. */
export function assertOwnWal(file: string): void {
  if (!hasWal(file)) return
  const [own, shown] = [look(file, 'immutable=1', numberOf), look(file, 'mode=ro', numberOf)]
  if (own !== undefined && own >= firstNumber && shown !== own)
    throw new DatabaseError(
      `has the log of another database beside it, ${walOf(file)}; bring back its own, or move that away`,
    )
}

/** As `assertOwnWal`, and looks for what a WAL of another moment leaves behind. Throws `DatabaseError`. */
export function assertFittingWal(file: string): void {
  assertOwnWal(file)
  if (!hasWal(file) || sizeOf(file) > checkUpToBytes) return
  const damage = look(file, 'mode=ro', findDamage)
  if (damage !== undefined)
    throw new DatabaseError(
      `is damaged, or its log ${walOf(file)} is of another file or a later moment (${damage}); restore a backup, or put the file and the log together that belong together`,
    )
}

/**
 * Returns undefined if the file cannot be opened or read: the reason is found again, and told, when it is opened for good.
 * @param query `immutable=1` leaves the WAL out. A descriptor of our own could do without, but closing it would release the
 * locks that this process may have on the file.
 */
function look<Found>(file: string, query: string, find: (database: DatabaseSync) => Found): Found | undefined {
  try {
    const database = new DatabaseSync(toUrl(file, query), { readOnly: true })
    try {
      return find(database)
    } finally {
      database.close()
    }
  } catch {
    return undefined
  }
}

function findDamage(database: DatabaseSync): string | undefined {
  try {
    const [found] = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})
    return found === 'ok' ? undefined : String(found).replaceAll('\n', ' ')
  } catch (error) {
    const { errcode, message } = error as Error & { errcode?: number }
    return errcode === corrupt ? message : undefined
  }
}

const corrupt = 11
