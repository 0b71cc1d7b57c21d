import { setTimeout as sleep } from 'node:timers/promises'
import type { SharedExclusiveLock } from './shared-exclusive-lock.ts'

const retryForMs = 10_000
/** After a lost race the next attempt sees the winner. A unique index that is violated this often shows a fault of ours. */
const maxUniqueViolations = 5
/** A transaction that lost this often runs exclusively in this process; otherwise shorter ones could win for ever. */
const maxSharedAttempts = 8

type Conflict = 'serialisation' | 'unique' | undefined

/** @param lock shared by all transactions that may conflict; without it none ever runs exclusively */
export async function retryConflicts<Result>(
  attempt: () => Promise<Result>,
  classify: (error: unknown) => Conflict,
  lock?: SharedExclusiveLock,
): Promise<Result> {
  const deadline = performance.now() + retryForMs
  for (let attempts = 1, violations = 0; ; attempts++) {
    try {
      if (!lock) return await attempt()
      return await (attempts > maxSharedAttempts ? lock.exclusive(attempt) : lock.shared(attempt))
    } catch (error) {
      const conflict = classify(error)
      if (conflict === 'unique') violations++
      if (conflict === undefined || violations === maxUniqueViolations || performance.now() > deadline) throw error
      await sleep(Math.random() * Math.min(2 ** attempts, 200))
    }
  }
}
