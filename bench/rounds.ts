/** Rounds in turn, so that a machine that slows down or speeds up does so for everybody. */
import type { Pace, Row } from './types.ts'
import type { Generator } from './generator/start.ts'
import type { Credentials, Outcome } from './generator/plan.ts'

/** What is measured: `run` does one round. */
export interface Subject {
  label: string
  /** What is counted; requests unless told. */
  unit?: Row['unit']
  run(seconds: number): Promise<Measured>
}

export type Measured = Pick<Outcome, 'perSecond' | 'p50' | 'p99'>

/** One list for each subject, in their order, after a round that does not count. */
export async function alternate(
  subjects: readonly Subject[],
  { rounds, seconds, warmUpSeconds }: Pace,
): Promise<Measured[][]> {
  for (const subject of subjects) await subject.run(warmUpSeconds)
  const measured: Measured[][] = subjects.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [index, subject] of subjects.entries()) measured[index]?.push(await subject.run(seconds))
  return measured
}

export interface Load {
  url: string
  recipe: string
  population?: number
  /** Where to begin; 0 unless told. */
  from?: number
  connections?: number
  /** Whether the generator never sleeps; clients do, while they wait. */
  awake?: boolean
  credentials?: Credentials
  token?: string
}

/** No more are signed for a round than could be answered. */
const perSecondAtMost = 12_000

/** A subject that answers HTTP requests. A round with an answer that is not 2xx is no measurement, and throws. */
export function underLoad(label: string, generator: Generator, load: Load): Subject {
  let from = load.from ?? 0
  let fastest = perSecondAtMost
  return {
    label,
    async run(seconds) {
      const plan = {
        population: 1,
        connections: 64,
        ...load,
        seconds,
        from,
        prepare: Math.ceil(fastest * seconds),
      }
      const outcome = await generator.run(plan)
      if (outcome.failed > 0 || outcome.answered === 0)
        throw new Error(`${label}: ${outcome.failed} of ${outcome.answered} answers failed: ${outcome.sample}`)
      from += outcome.used
      fastest = Math.min(perSecondAtMost, 2 * outcome.perSecond)
      return outcome
    },
  }
}

/** Two subjects at the same time, as one. */
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
