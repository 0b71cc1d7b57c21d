import type { Section } from '../types.ts'
import { cells, columns, goalCells, goalColumns } from './figures.ts'

/** A section for the terminal. */
export function printed({ title, rows, goals, notes }: Section): string {
  const tables = [
    table([columns, ...rows.map(cells)]),
    ...(goals.length > 0 ? [table([goalColumns, ...goals.map(goalCells)])] : []),
  ]
  return ['', title, '', ...tables, ...notes.map((note) => `  ${note.replaceAll('\n', ' ')}\n`)].join('\n')
}

export function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return `${lines.map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n')}\n`
}
