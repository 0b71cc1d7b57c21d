/** Data as people read it. */

export type Cell = string | number | boolean | null | undefined

/** Aligned columns under their headers; what is absent is a dash. */
export function formatTable(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [headers, ...rows.map((row) => row.map(toText))]
  const widths = headers.map((_, column) => largest(lines.map((line) => lengthOf(line[column]))))
  return lines
    .map((line) =>
      line
        .map((text, column) => pad(text, widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The members of one thing, one to a line; lists in one line, structures as JSON. */
export function formatMembers(thing: object): string {
  const entries = Object.entries(thing).map(([name, value]) => [`${name}:`, describe(value)] as const)
  const width = largest(entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${toText(value)}`).join('\n')
}

function describe(value: unknown): Cell {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(describe).join(', ')
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell)
}

/** What came from elsewhere and holds control characters must not steer the terminal. */
export const printable = (text: string): string => text.replace(/\p{C}/gu, '?')

const toText = (cell: Cell) => (cell == null || cell === '' ? '-' : printable(String(cell)))
/** Of as many as there are: more arguments than fit a call, perhaps. */
const largest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), 0)
const lengthOf = (text = '') => Array.from(text).length
const pad = (text: string, width = 0) => text + ' '.repeat(width - lengthOf(text))
