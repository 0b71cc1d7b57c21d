/** Turns requests away before there are more than the process can bear, so that those it takes are answered in time. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Load {
  /** Whether one more request can be taken; after one that was, `leave` has to be called. */
  enter(): boolean
  leave(): void
  close(): void
}

export interface LoadOptions {
  /** Requests under way at a time; 0 for no limit. */
  maxRequests: number
  /** How late the event loop may be, in milliseconds; 0 for no limit. */
  maxDelayMs: number
  /** Told once a while how many were turned away since it was told the last time, if any were. */
  noteTurnedAway(count: number): void
}

const lookEveryMs = 250
const nanosecondsPerMs = 1e6

export function createLoad({ maxRequests, maxDelayMs, noteTurnedAway }: LoadOptions): Load {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  let [running, turnedAway, isLate] = [0, 0, false]
  const look = () => {
    isLate = maxDelayMs > 0 && delay.mean / nanosecondsPerMs > maxDelayMs
    delay.reset()
    if (turnedAway > 0) noteTurnedAway(turnedAway)
    turnedAway = 0
  }
  delay.enable()
  const timer = setInterval(look, lookEveryMs).unref()
  return {
    enter() {
      const isFull = maxRequests > 0 && running >= maxRequests
      if (isFull || isLate) turnedAway++
      else running++
      return !isFull && !isLate
    },
    leave: () => void running--,
    close() {
      clearInterval(timer)
      delay.disable()
    },
  }
}
