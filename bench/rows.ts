/** Turns the measurements of rounds into the rows of a section. */
import type { Bench, Row } from './types.ts'
import { type Measurement, type Subject, alternate, underLoad } from './rounds.ts'
import { median } from './statistics.ts'

export const floorLabel = 'The floor: bare node:http'

export const floorSubject = ({ generator, floor }: Bench, label = floorLabel, busyPoll = false): Subject =>
  underLoad(label, generator, { url: floor.url, recipe: 'plain', busyPoll })

/** Measures the floor and the subjects. The floor's row comes first. */
export async function measureRows(bench: Bench, subjects: readonly Subject[]): Promise<Row[]> {
  const all = [floorSubject(bench), ...subjects]
  const measured = await alternate(all, bench.pace)
  return all.map((subject, index) => toRow(subject, measured[index] ?? [], measured[0] ?? []))
}

function toRow(
  { label, unit = 'requests/s' }: Subject,
  rounds: readonly Measurement[],
  floor: readonly Measurement[],
): Row {
  const values = rounds.map(({ perSecond }) => perSecond)
  return {
    label,
    unit,
    values,
    ratios: values.map((value, round) => value / (floor[round]?.perSecond ?? Number.NaN)),
    ...latencies(rounds),
  }
}

export function latencies(rounds: readonly Measurement[]): Pick<Row, 'p50' | 'p99'> {
  const [p50, p99] = (['p50', 'p99'] as const).map((name) => rounds.flatMap((round) => round[name] ?? []))
  return {
    ...(p50?.length && { p50: median(p50) }),
    ...(p99?.length && { p99: median(p99) }),
  }
}

export function requireRow(rows: readonly Row[], label: string): Row {
  const row = rows.find((row) => row.label === label)
  if (!row) throw new Error(`Nothing was measured under the name ${label}`)
  return row
}

/** The median ratio to the floor. */
export const ratioOf = (rows: readonly Row[], label: string): number => median(requireRow(rows, label).ratios ?? [])

/** The median of the ratios between two rows, taken round by round. */
export function ratioBetween(rows: readonly Row[], label: string, other: string): number {
  const below = requireRow(rows, other).values
  return median(requireRow(rows, label).values.map((value, round) => value / (below[round] ?? Number.NaN)))
}
