/** SIGTERM, SIGINT and SIGHUP end a server, at whatever moment they come. */

export interface StopSignals {
  /** From here on a signal waits for the end of the start: a key that is made now has to be shown. */
  deferStop(): void
  /** The server is up: a signal drains it, and one that has waited does so now. */
  drainOnStop(drain: () => Promise<void>): void
}

/** Until told otherwise a signal ends the process at once, because what a start has begun by then is rolled back. */
export function handleStopSignals(): StopSignals {
  let since: number | undefined
  let stop = endAtOnce
  const onSignal = () => {
    const now = performance.now()
    // The terminal and npm may both deliver one Ctrl-C, so only a signal at least a second later forces the exit.
    if (since !== undefined && now - since > 1000) process.exit(1)
    if (since !== undefined) return
    since = now
    stop()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal)
  return {
    deferStop: () => (stop = () => {}),
    drainOnStop(drain) {
      stop = () => void drain().then(() => process.exit(0))
      if (since !== undefined) stop()
    },
  }
}

const endAtOnce = (): void => process.exit(0)
