import { serviceUnavailable } from '../../contract/errors.ts'
import type { Piece } from './conflict-free.ts'
import type { ConflictKeys } from '../transaction.ts'
import type { Db } from '../transaction.ts'

type Work<Result> = (db: Db) => Promise<Result>

/** Work that somebody waits for. */
export interface Unit extends Piece {
  resolve(value: unknown): void
  reject(error: unknown): void
  /** When it came, by `performance.now()`. */
  since: number
}

export function settle({ resolve, reject }: Unit, end: PromiseSettledResult<unknown> | undefined): void {
  if (end?.status === 'fulfilled') resolve(end.value)
  else reject(end?.reason)
}

/**
 * Gathers what arrives while others are under way into groups.
 * @param lanes how many groups are done at a time
 * @param atMost how many units a group may have
 * @param run settles each unit of the group, and never rejects
 * @param patienceMs who waited longer for a turn is told to come back: a store that hangs takes long to say so, each time
 */
export function gather(
  lanes: number,
  atMost: number,
  run: (group: Unit[]) => Promise<void>,
  patienceMs = Infinity,
): <Result>(work: Work<Result>, touches?: ConflictKeys) => Promise<Result> {
  const waiting: Unit[] = []
  let [free, isGathering] = [lanes, false]
  const begin = async () => {
    if (isGathering || free === 0) return
    turnAway(waiting, performance.now() - patienceMs)
    if (waiting.length === 0) return
    isGathering = true
    await untilQuiet(waiting, atMost)
    isGathering = false
    free--
    const done = run(waiting.splice(0, atMost))
    void begin()
    await done
    free++
    void begin()
  }
  return (work, touches) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, touches, resolve, reject, since: performance.now() })
      void begin()
    })
}

/** Those who came before `time`. */
function turnAway(waiting: Unit[], time: number) {
  const kept = waiting.findIndex(({ since }) => since >= time)
  for (const { reject } of waiting.splice(0, kept < 0 ? waiting.length : kept)) reject(waitedTooLong())
}

const waitedTooLong = () =>
  Object.assign(serviceUnavailable(), { cause: new Error('Waited too long for a turn at the database') })

const turnsAtMost = 4

/** Waits for a turn of the event loop that brings nobody more: who is about to come shares what they all pay for. */
async function untilQuiet(waiting: readonly unknown[], atMost: number) {
  for (let turns = 0, before = 0; turns < turnsAtMost && before < waiting.length && waiting.length < atMost; turns++) {
    before = waiting.length
    await nextTurn()
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
