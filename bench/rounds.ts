/** Interleaves the rounds of all subjects, so that a change in the machine's speed affects all of them alike. */
import type { Pace, Row } from './types.ts'
import type { Generator } from './generator/start.ts'
import type { Credentials, Outcome } from './generator/plan.ts'

export interface Subject {
  label: string
  /** Default: requests/s. */
  unit?: Row['unit']
  /** Runs one round. */
  run(seconds: number): Promise<Measurement>
}

export type Measurement = Pick<Outcome, 'perSecond' | 'p50' | 'p99'>

/** Runs an uncounted warm-up round, then the counted ones. Returns the measurements of each subject, in their order. */
export async function alternate(
  subjects: readonly Subject[],
  { rounds, seconds, warmUpSeconds }: Pace,
): Promise<Measurement[][]> {
  for (const subject of subjects) await subject.run(warmUpSeconds)
  const measured: Measurement[][] = subjects.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [index, subject] of subjects.entries()) measured[index]?.push(await subject.run(seconds))
  return measured
}

export interface Load {
  url: string
  recipe: string
  population?: number
  /** Index of the first item; default 0. */
  from?: number
  connections?: number
  busyPoll?: boolean
  credentials?: Credentials
  token?: string
}

/** Limits how many requests are signed before a round. */
const maxPerSecond = 12_000

/** A subject that answers HTTP requests. A round throws if any answer is not 2xx. */
export function underLoad(label: string, generator: Generator, load: Load): Subject {
  let from = load.from ?? 0
  let expectedPerSecond = maxPerSecond
  return {
    label,
    async run(seconds) {
      const plan = {
        population: 1,
        connections: 64,
        ...load,
        seconds,
        from,
        presign: Math.ceil(expectedPerSecond * seconds),
      }
      const outcome = await generator.run(plan)
      if (outcome.failed > 0 || outcome.answered === 0)
        throw new Error(`${label}: ${outcome.failed} of ${outcome.answered} answers failed: ${outcome.sample}`)
      from += outcome.used
      expectedPerSecond = Math.min(maxPerSecond, 2 * outcome.perSecond)
      return outcome
    },
  }
}

/** Runs two subjects at the same time and reports them as one. */
export const both = (label: string, one: Subject, other: Subject): Subject => ({
  label,
  async run(seconds) {
    const [first, second] = await Promise.all([one.run(seconds), other.run(seconds)])
    return {
      perSecond: first.perSecond + second.perSecond,
      p50: Math.max(first.p50 ?? 0, second.p50 ?? 0),
      p99: Math.max(first.p99 ?? 0, second.p99 ?? 0),
    }
  },
})
