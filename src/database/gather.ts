import type { Db } from './tables.ts'

type Work<Result> = (db: Db) => Promise<Result>

/** Work that somebody waits for. */
export interface Unit {
  work: Work<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Gathers what arrives together into groups, and does one group after the other.
 * @param run settles each unit of the group, and never rejects
 */
export function gather(
  atMost: number,
  run: (group: Unit[]) => Promise<void>,
): <Result>(work: Work<Result>) => Promise<Result> {
  const waiting: Unit[] = []
  let isBusy = false
  const runAll = async () => {
    while (waiting.length > 0) await run(waiting.splice(0, atMost))
    isBusy = false
  }
  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve, reject })
      if (!isBusy) setImmediate(() => void runAll())
      isBusy = true
    })
}
