import type { Piece, Touches } from './apart.ts'
import type { Db } from './tables.ts'

type Work<Result> = (db: Db) => Promise<Result>

/** Work that somebody waits for. */
export interface Unit extends Piece {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Gathers what arrives while others are under way into groups.
 * @param lanes how many groups are done at a time
 * @param atMost how many units a group may have
 * @param run settles each unit of the group, and never rejects
 */
export function gather(
  lanes: number,
  atMost: number,
  run: (group: Unit[]) => Promise<void>,
): <Result>(work: Work<Result>, touches?: Touches) => Promise<Result> {
  const waiting: Unit[] = []
  let free = lanes
  const runAll = async () => {
    while (waiting.length > 0) {
      await untilQuiet(() => waiting.length, atMost)
      await run(waiting.splice(0, atMost))
    }
    free++
  }
  return (work, touches) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, touches, resolve, reject })
      if (free === 0) return
      free--
      void runAll()
    })
}

const turnsAtMost = 4

/** Waits for a turn of the event loop that brings nobody more: who is about to come shares what they all pay for. */
async function untilQuiet(count: () => number, atMost: number) {
  for (let turns = 0, before = 0; turns < turnsAtMost && before < count() && count() < atMost; turns++) {
    before = count()
    await nextTurn()
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
