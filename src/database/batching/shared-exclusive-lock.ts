/** Lets work through together, or one piece alone. */
export interface Turns {
  together<Result>(work: () => Promise<Result>): Promise<Result>
  /** Waits for what runs, and holds up what comes, until the work is done. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
}

export function createTurns(): Turns {
  const running = new Set<Promise<unknown>>()
  /** Closed while somebody runs alone, or is about to. */
  const gate: { closed?: Promise<void> | undefined } = {}
  return {
    async together(work) {
      while (gate.closed) await gate.closed
      const run = work().finally(() => running.delete(run))
      running.add(run)
      return run
    },
    async alone(work) {
      while (gate.closed) await gate.closed
      const { promise, resolve } = Promise.withResolvers<void>()
      gate.closed = promise
      try {
        await Promise.allSettled(running)
        return await work()
      } finally {
        gate.closed = undefined
        resolve()
      }
    },
  }
}
