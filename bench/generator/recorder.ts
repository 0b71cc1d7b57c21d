import { quantile } from '../statistics.ts'
import type { Outcome } from './plan.ts'

export interface Recorder {
  used: number
  answered(milliseconds: number): void
  fail(reason: string): void
  /** Returns what was recorded since the last flush, and starts over. */
  flush(): Outcome
}

export function createRecorder(): Recorder {
  let began = performance.now()
  let latencies: number[] = []
  let failures: string[] = []
  return {
    used: 0,
    answered: (milliseconds) => void latencies.push(milliseconds),
    fail: (reason) => void failures.push(reason),
    flush() {
      const now = performance.now()
      const outcome = { ...describe(latencies, failures, now - began), used: this.used }
      began = now
      latencies = []
      failures = []
      this.used = 0
      return outcome
    },
  }
}

function describe(latencies: number[], failures: string[], milliseconds: number): Omit<Outcome, 'used'> {
  const sorted = Float64Array.from(latencies).toSorted()
  return {
    perSecond: (sorted.length / milliseconds) * 1000,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    answered: sorted.length,
    failed: failures.length,
    ...(failures[0] !== undefined && { sample: failures[0] }),
  }
}
