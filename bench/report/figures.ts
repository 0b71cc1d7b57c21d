/** Formats figures and goals for the reports. */
import type { Goal, Row } from '../types.ts'
import { median } from '../statistics.ts'

export const figure = (value: number, digits = value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0): string =>
  Number.isNaN(value) ? 'not measured' : value.toLocaleString('en', { maximumFractionDigits: digits })

/** `median (least–most)` */
export function spread(values: readonly number[], digits?: number): string {
  if (values.some(Number.isNaN)) return 'not measured'
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => figure(value, digits))
  return `${figure(median(values), digits)} (${least}–${most})`
}

export const columns = ['what', 'median (range)', '× floor', 'p50 ms', 'p99 ms'] as const

export const cells = ({ label, unit, values, ratios, p50, p99 }: Row): string[] => [
  label,
  `${spread(values)} ${unit}`,
  ratios ? spread(ratios, 3) : '',
  p50 === undefined ? '' : figure(p50),
  p99 === undefined ? '' : figure(p99),
]

export const goalColumns = ['goal', 'wanted', 'is', 'met'] as const

export const goalCells = (goal: Goal): string[] => {
  const { label, value, stretch, unit } = goal
  const [sign, bound] = goal.atMost === undefined ? ['≥', goal.atLeast ?? 0] : ['≤', goal.atMost]
  const wanted = `${sign} ${figure(bound)} ${unit}${stretch === undefined ? '' : ` (stretch ${figure(stretch)})`}`
  return [label, wanted, `${figure(value)} ${unit}`, verdict(goal)]
}

function verdict({ value, atLeast, atMost, stretch }: Goal): string {
  if (Number.isNaN(value)) return 'not measured'
  const reaches = (bound: number) => (atMost === undefined ? value >= bound : value <= bound)
  if (!reaches(atMost ?? atLeast ?? 0)) return 'not met'
  return stretch !== undefined && reaches(stretch) ? 'met, and the stretch' : 'met'
}
