import { setTimeout as sleep } from 'node:timers/promises'
import type { Turns } from './shared-exclusive-lock.ts'

/** How long a transaction that lost against another is tried again before the caller is told to come back. */
const forMs = 10_000
/** After a lost race the next try sees the winner. A unique index that objects this often shows a fault of ours. */
const triesForUnique = 5
/** One that lost this often runs alone in this process, lest those that are shorter win for ever. */
const triesTogether = 8

type Conflict = 'serialisation' | 'unique' | undefined

/**
 * Runs a transaction again while it lost against another, with a pause of random length in between.
 * @param turns of all that may lose against each other; without them nobody ever runs alone
 */
export async function retryConflicts<Result>(
  attempt: () => Promise<Result>,
  classify: (error: unknown) => Conflict,
  turns?: Turns,
): Promise<Result> {
  const deadline = performance.now() + forMs
  for (let tries = 1, objections = 0; ; tries++) {
    try {
      if (!turns) return await attempt()
      return await (tries > triesTogether ? turns.alone(attempt) : turns.together(attempt))
    } catch (error) {
      const conflict = classify(error)
      if (conflict === 'unique') objections++
      if (conflict === undefined || objections === triesForUnique || performance.now() > deadline) throw error
      await sleep(Math.random() * Math.min(2 ** tries, 200))
    }
  }
}
