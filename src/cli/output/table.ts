/** Formats data for people. */

export type Cell = string | number | boolean | null | undefined

/** Aligned columns under headers; absent values are dashes. */
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

/** The members of an object, one per line; lists in one line, structures as JSON. */
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

/** Replaces control characters, so that data from elsewhere cannot control the terminal. */
export const printable = (text: string): string => text.replace(/\p{C}/gu, '?')

const toText = (cell: Cell) => (cell == null || cell === '' ? '-' : printable(String(cell)))
/** Not `Math.max(...numbers)`, because there may be more numbers than a call can have arguments. */
const largest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), 0)
const lengthOf = (text = '') => Array.from(text).length
const pad = (text: string, width = 0) => text + ' '.repeat(width - lengthOf(text))
