import type { Section } from '../types.ts'
import { cells, columns, goalCells, goalColumns } from './figures.ts'

export function renderSection({ title, rows, goals, notes }: Section): string {
  const tables = [
    table([columns, ...rows.map(cells)]),
    ...(goals.length > 0 ? [table([goalColumns, ...goals.map(goalCells)])] : []),
  ]
  return ['', title, '', ...tables, ...notes.map((note) => `  ${note.replaceAll('\n', ' ')}\n`)].join('\n')
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return `${rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n')}\n`
}
