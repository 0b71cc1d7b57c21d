/** Turns requests away before the process is overloaded, so that accepted requests are answered in time. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface LoadShedder {
  /** Whether one more request can be taken. After each one that was, call `leave`. */
  tryEnter(): boolean
  leave(): void
  close(): void
}

export interface LoadSheddingOptions {
  /** Requests in flight at a time; 0 for no limit. */
  maxRequests: number
  /** How late the event loop may be, in milliseconds; 0 for no limit. */
  maxDelayMs: number
  /** Called now and then with the number of requests turned away since the last call, if there were any. */
  noteTurnedAway(count: number): void
}

const sampleEveryMs = 250
const nanosecondsPerMs = 1e6

export function createLoadShedder({ maxRequests, maxDelayMs, noteTurnedAway }: LoadSheddingOptions): LoadShedder {
  const loopDelay = monitorEventLoopDelay({ resolution: 20 })
  let [inFlight, turnedAway, isLoopLate] = [0, 0, false]
  const sample = () => {
    isLoopLate = maxDelayMs > 0 && loopDelay.mean / nanosecondsPerMs > maxDelayMs
    loopDelay.reset()
    if (turnedAway > 0) noteTurnedAway(turnedAway)
    turnedAway = 0
  }
  loopDelay.enable()
  const timer = setInterval(sample, sampleEveryMs).unref()
  return {
    tryEnter() {
      const isFull = maxRequests > 0 && inFlight >= maxRequests
      if (isFull || isLoopLate) turnedAway++
      else inFlight++
      return !isFull && !isLoopLate
    },
    leave: () => void inFlight--,
    close() {
      clearInterval(timer)
      loopDelay.disable()
    },
  }
}
