import { setTimeout as sleep } from 'node:timers/promises'

/** How long a transaction that lost against another is tried again before the caller is told to come back. */
const forMs = 10_000
/** After a lost race the next try sees the winner. A unique index that objects this often shows a fault of ours. */
const triesForUnique = 5

type Conflict = 'serialisation' | 'unique' | undefined

/** Runs a transaction again while it lost against another, with a pause of random length in between. */
export async function retryConflicts<Result>(
  attempt: () => Promise<Result>,
  classify: (error: unknown) => Conflict,
): Promise<Result> {
  const deadline = performance.now() + forMs
  for (let tries = 1, objections = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const conflict = classify(error)
      if (conflict === 'unique') objections++
      if (conflict === undefined || objections === triesForUnique || performance.now() > deadline) throw error
      await sleep(Math.random() * Math.min(2 ** tries, 200))
    }
  }
}
