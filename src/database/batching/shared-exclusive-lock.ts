export interface SharedExclusiveLock {
  shared<Result>(run: () => Promise<Result>): Promise<Result>
  /** Waits for the runs in progress, and blocks new ones until it has ended. */
  exclusive<Result>(run: () => Promise<Result>): Promise<Result>
}

export function createSharedExclusiveLock(): SharedExclusiveLock {
  const running = new Set<Promise<unknown>>()
  const gate: { closed?: Promise<void> | undefined } = {}
  return {
    async shared(run) {
      while (gate.closed) await gate.closed
      const current = run().finally(() => running.delete(current))
      running.add(current)
      return current
    },
    async exclusive(run) {
      while (gate.closed) await gate.closed
      const { promise, resolve } = Promise.withResolvers<void>()
      gate.closed = promise
      try {
        await Promise.allSettled(running)
        return await run()
      } finally {
        gate.closed = undefined
        resolve()
      }
    },
  }
}
