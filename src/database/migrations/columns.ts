import type { CreateTableBuilder } from 'kysely'

export type Table = CreateTableBuilder<string, string>

export const text = (table: Table, ...columns: string[]) =>
  columns.reduce((built, column) => built.addColumn(column, 'text', (it) => it.notNull()), table)
export const nullableText = (table: Table, ...columns: string[]) =>
  columns.reduce((built, column) => built.addColumn(column, 'text'), table)
export const flag = (table: Table, ...columns: string[]) =>
  columns.reduce((built, column) => built.addColumn(column, 'integer', (it) => it.notNull().defaultTo(0)), table)
