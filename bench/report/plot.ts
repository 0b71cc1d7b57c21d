/** A bar chart of the ratios of all HTTP subjects to the floor, in the order of the tables. */
import type { Row, Section } from '../types.ts'
import { floorLabel } from '../rows.ts'
import { median } from '../statistics.ts'

const width = 960
const plotArea = { from: 430, to: 860, barHeight: 20 }
const lineHeight = 28

interface Bar {
  text: string
  /** Absent for the heading of a section. */
  ratios?: readonly number[]
}

/** The SVG for docs/performance.md, on a white background so that it can be read on dark pages. */
export function plot(sections: readonly Section[]): string {
  const bars = [{ text: floorLabel, ratios: [1] }, ...sections.flatMap(barsOf)]
  const height = (bars.length + 2) * lineHeight
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="24" font-weight="bold">Requests per second as a ratio to a bare node:http server (medians; thin lines show the range)</text>
${bars.map((bar, index) => draw(bar, (index + 1.5) * lineHeight)).join('\n')}
</svg>
`
}

function barsOf({ title, rows }: Section): Bar[] {
  const comparable = rows.filter(
    (row): row is Row & { ratios: readonly number[] } =>
      row.ratios !== undefined && row.label !== floorLabel && row.unit !== 'times/s',
  )
  return comparable.length === 0
    ? []
    : [{ text: title }, ...comparable.map(({ label, ratios }) => ({ text: label, ratios }))]
}

function draw({ text, ratios }: Bar, top: number): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const middle = top + lineHeight / 2 + 5
  if (!ratios) return `<text x="16" y="${middle}" font-weight="bold">${escaped}</text>`
  const [at, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)]
  return `<text x="${plotArea.from - 10}" y="${middle}" text-anchor="end">${escaped}</text>
<rect x="${plotArea.from}" y="${top + 4}" width="${(position(at) - plotArea.from).toFixed(1)}" height="${plotArea.barHeight}" fill="${at === 1 ? '#999' : '#3a6ea5'}"/>
<line x1="${position(least).toFixed(1)}" x2="${position(most).toFixed(1)}" y1="${top + 14}" y2="${top + 14}" stroke="#000"/>
<text x="${(Math.max(position(at), position(most)) + 8).toFixed(1)}" y="${middle}">${at.toFixed(2)}</text>`
}

/** Bars of ratios above 1.1 are cut off, to fit the width. */
const position = (ratio: number) => plotArea.from + Math.min(ratio, 1.1) * (plotArea.to - plotArea.from)
