/** The samples of a soak, and the bounds for their growth. */
import { statSync } from 'node:fs'
import type { Outcome } from './generator/plan.ts'
import { countDescriptors, readMemory } from './process-facts.ts'
import { figure } from './report/figures.ts'
import { median } from './statistics.ts'

export interface Sample extends Outcome {
  /** MiB, like `wal` and `database`. */
  memory: number
  descriptors: number
  wal: number
  database: number
}

export const takeSample = (pid: number, file: string, outcome: Outcome): Sample => ({
  ...outcome,
  memory: readMemory(pid),
  descriptors: countDescriptors(pid),
  wal: sizeMiB(`${file}-wal`),
  database: sizeMiB(file),
})

const sizeMiB = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) / 2 ** 20

interface Bound {
  name: string
  of(sample: Sample): number
  /** Allowed growth from the second quarter to the last: relative (`share`) plus absolute (`slack`). */
  share: number
  slack: number
}

/** The size of the database is not bounded, because every change is kept in its journal. */
const bounds: readonly Bound[] = [
  { name: 'memory (MiB)', of: ({ memory }) => memory, share: 0.15, slack: 16 },
  { name: 'open descriptors', of: ({ descriptors }) => descriptors, share: 0, slack: 4 },
  { name: 'WAL file (MiB)', of: ({ wal }) => wal, share: 0.1, slack: 4 },
  { name: 'median latency (ms)', of: ({ p50 = 0 }) => p50, share: 0.5, slack: 1 },
]

export interface Check {
  text: string
  passed: boolean
}

/** Compares the last quarter with the second. The first quarter is the warm-up. */
export function judge(samples: readonly Sample[]): Check[] {
  const wrong = samples.find(({ failed }) => failed > 0)
  const all = samples.reduce((sum, { answered }) => sum + answered, 0)
  const answers = {
    text: `every answer is a success (${all.toLocaleString('en')})`,
    passed: wrong === undefined && all > 0,
  }
  if (wrong) answers.text += `; one of ${wrong.failed} that were not: ${wrong.sample}`
  return [answers, ...bounds.map((bound) => compare(bound, samples))]
}

function compare({ name, of, share, slack }: Bound, samples: readonly Sample[]): Check {
  const quarter = Math.floor(samples.length / 4)
  const second = median(samples.slice(quarter, 2 * quarter).map(of))
  const last = median(samples.slice(-quarter).map(of))
  const text = `${name} does not grow: ${figure(second)} in the second quarter, ${figure(last)} in the last`
  return { text, passed: Number.isNaN(second) || last <= second * (1 + share) + slack }
}
