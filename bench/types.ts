/** What every set of measurements is handed, and what it answers. */
import type { Generator } from './generator/start.ts'
import type { RunningServer } from './processes.ts'

export interface Bench {
  /** For data; on the disk that is measured. */
  folder: string
  generator: Generator
  floor: RunningServer
  pace: Pace
  /** How many users, and as many numbers, there are. */
  sizes: { usual: number; large: number; small: number }
  say(text: string): void
}

export interface Pace {
  rounds: number
  seconds: number
  /** Of the round that does not count: until what runs often has been compiled. */
  warmUpSeconds: number
}

export interface Section {
  title: string
  /** What was done, in plain words. */
  about: string
  rows: readonly Row[]
  goals: readonly Goal[]
  /** What was not run and why, and what a reader has to know. */
  notes: readonly string[]
}

export interface Row {
  label: string
  unit: 'requests/s' | 'transactions/s' | 'times/s' | 'ms' | 'MiB'
  /** One for each round. */
  values: readonly number[]
  /** To the floor, round by round. */
  ratios?: readonly number[]
  /** Milliseconds. */
  p50?: number
  p99?: number
}

export interface Goal {
  what: string
  is: number
  /** At least, or at most. */
  atLeast?: number
  atMost?: number
  /** Better still. */
  stretch?: number
  unit: '× floor' | '×' | 'ms' | 'MiB'
}
