/** The input and the results of the benchmark sections. */
import type { Generator } from './generator/start.ts'
import type { RunningServer } from './processes.ts'

export interface Bench {
  /** Holds the databases, so it must be on the disk to be measured. */
  folder: string
  generator: Generator
  floor: RunningServer
  pace: Pace
  /** Number of users, and of phone numbers. */
  sizes: { usual: number; large: number; small: number }
  print(text: string): void
}

export interface Pace {
  rounds: number
  seconds: number
  /** Length of the uncounted first round, in which the JIT compiles the hot code. */
  warmUpSeconds: number
}

export interface Section {
  title: string
  about: string
  rows: readonly Row[]
  goals: readonly Goal[]
  /** Caveats, and what was not run and why. */
  notes: readonly string[]
}

export interface Row {
  label: string
  unit: 'requests/s' | 'transactions/s' | 'times/s' | 'ms' | 'MiB'
  /** One per round. */
  values: readonly number[]
  /** Value divided by the floor's, per round. */
  ratios?: readonly number[]
  /** Milliseconds. */
  p50?: number
  p99?: number
}

export interface Goal {
  label: string
  value: number
  /** Exactly one of the two bounds is set. */
  atLeast?: number
  atMost?: number
  stretch?: number
  unit: '× floor' | '×' | 'ms' | 'MiB'
}
