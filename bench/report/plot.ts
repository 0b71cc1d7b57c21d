/** One picture of the ratios of all that is asked over a connection: a bar for each, in the order of the tables. */
import type { Row, Section } from '../types.ts'
import { floorLabel } from '../rows.ts'
import { median } from '../statistics.ts'

const width = 960
const bars = { from: 430, to: 860, height: 20 }
const lineHeight = 28

interface Line {
  text: string
  /** Absent in the heading of a section. */
  ratios?: readonly number[]
}

/** A picture for docs/performance.md: SVG, on white whatever the page is. */
export function plot(sections: readonly Section[]): string {
  const lines = [{ text: floorLabel, ratios: [1] }, ...sections.flatMap(linesOf)]
  const height = (lines.length + 2) * lineHeight
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="24" font-weight="bold">Requests per second as a ratio to a bare node:http server (medians; thin lines show the range)</text>
${lines.map((line, index) => draw(line, (index + 1.5) * lineHeight)).join('\n')}
</svg>
`
}

function linesOf({ title, rows }: Section): Line[] {
  const comparable = rows.filter(
    (row): row is Row & { ratios: readonly number[] } =>
      row.ratios !== undefined && row.label !== floorLabel && row.unit !== 'times/s',
  )
  return comparable.length === 0
    ? []
    : [{ text: title }, ...comparable.map(({ label, ratios }) => ({ text: label, ratios }))]
}

function draw({ text, ratios }: Line, top: number): string {
  const words = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const middle = top + lineHeight / 2 + 5
  if (!ratios) return `<text x="16" y="${middle}" font-weight="bold">${words}</text>`
  const [at, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)]
  return `<text x="${bars.from - 10}" y="${middle}" text-anchor="end">${words}</text>
<rect x="${bars.from}" y="${top + 4}" width="${(position(at) - bars.from).toFixed(1)}" height="${bars.height}" fill="${at === 1 ? '#999' : '#3a6ea5'}"/>
<line x1="${position(least).toFixed(1)}" x2="${position(most).toFixed(1)}" y1="${top + 14}" y2="${top + 14}" stroke="#000"/>
<text x="${(Math.max(position(at), position(most)) + 8).toFixed(1)}" y="${middle}">${at.toFixed(2)}</text>`
}

/** What is faster than the floor goes as far as there is room. */
const position = (ratio: number) => bars.from + Math.min(ratio, 1.1) * (bars.to - bars.from)
