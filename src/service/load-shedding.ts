/** Turns requests away before the process is overloaded, so that accepted requests are answered in time. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Service } from './service.ts'

export interface LoadShedder {
  /** Whether one more request can be taken. After each one that was, call `leave`. */
  tryEnter(): boolean
  leave(): void
  /** Counts a request that was turned away for another reason. */
  noteTurnedAway(): void
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

/** Measures how late the timers of the event loop are. */
interface LoopDelay {
  /** Since the last reset, in nanoseconds, the resolution included; not a number if there was no sample. */
  readonly mean: number
  reset(): void
}

const sampleEveryMs = 250
const resolutionMs = 20
const nanosecondsPerMs = 1e6
/** So few requests are always taken: they are no crowd that could be the cause of the delay. */
const handful = 8

export function createLoadShedder(options: LoadSheddingOptions): LoadShedder {
  const loopDelay = monitorEventLoopDelay({ resolution: resolutionMs })
  loopDelay.enable()
  const { sample, ...gauge } = createLoadGauge(options, loopDelay)
  const timer = setInterval(sample, sampleEveryMs).unref()
  return {
    ...gauge,
    close() {
      clearInterval(timer)
      loopDelay.disable()
    },
  }
}

interface LoadGauge extends Omit<LoadShedder, 'close'> {
  /** Judges the time since the last call. */
  sample(): void
}

/**
 * A late event loop alone is no overload: after a pause of the process nobody waits for anything but its end. It is one
 * if the loop is late in two windows in a row, and in both of them more than a handful of requests were in flight.
 */
export function createLoadGauge(options: LoadSheddingOptions, loopDelay: LoopDelay): LoadGauge {
  const { maxRequests, maxDelayMs } = options
  let [inFlight, most, turnedAway] = [0, 0, 0]
  let [wasLate, isOverloaded] = [false, false]
  const sample = () => {
    const isLate = maxDelayMs > 0 && most > handful && delayOf(loopDelay) > maxDelayMs
    // After an overload one late window is enough, because the crowd may still be there.
    ;[isOverloaded, wasLate] = [isLate && wasLate, isLate || isOverloaded]
    most = inFlight
    loopDelay.reset()
    if (turnedAway > 0) options.noteTurnedAway(turnedAway)
    turnedAway = 0
  }
  const isFull = () => (maxRequests > 0 && inFlight >= maxRequests) || (isOverloaded && inFlight >= handful)
  return {
    tryEnter() {
      if (isFull()) {
        turnedAway++
        return false
      }
      most = Math.max(most, ++inFlight)
      return true
    },
    leave: () => void inFlight--,
    noteTurnedAway: () => void turnedAway++,
    sample,
  }
}

const delayOf = ({ mean }: LoopDelay) => mean / nanosecondsPerMs - resolutionMs

/** Writes one line for many requests: under such a load a line for each would add to it. */
export function recordTurnedAway({ log, metrics }: Pick<Service, 'log' | 'metrics'>, count: number): void {
  log.warn({ count }, 'overloaded: requests were turned away')
  metrics.countTurnedAway(count)
}
