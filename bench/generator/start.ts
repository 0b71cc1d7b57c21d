/** Starts the load generator process and sends plans to it. */
import { once } from 'node:events'
import { join } from 'node:path'
import { cores, launchNode, stop } from '../processes.ts'
import type { Outcome, Plan } from './plan.ts'

export interface Generator {
  run(plan: Omit<Plan, 'slices'>): Promise<Outcome>
  /** Yields the outcome of each slice as it ends. */
  watch(plan: Plan): AsyncGenerator<Outcome>
  stop(): Promise<void>
}

export function startGenerator(): Generator {
  const file = join(import.meta.dirname, 'process.ts')
  const child = launchNode([file], { core: cores.load, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The load generator ended with ${code}`)))
  ended.catch(() => {})
  const nextOutcome = async () => (await Promise.race([once(child, 'message'), ended]))[0] as Outcome
  return {
    run(plan) {
      child.send({ ...plan, slices: 1 })
      return nextOutcome()
    },
    async *watch(plan) {
      child.send(plan)
      for (let slice = 0; slice < plan.slices; slice++) yield await nextOutcome()
    },
    stop: () => stop(child),
  }
}
