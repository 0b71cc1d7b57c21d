import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { rowsOf } from './sqlite-rows.ts'

test('names stay with their values when a column is added', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('create table numbers (one, two); create table others (three)')
  database.exec('insert into numbers values (1, 2); insert into others values (3)')
  const all = rowsOf(database.prepare('select numbers.*, three from numbers, others'))
  expect(all([])).toEqual([{ one: 1, two: 2, three: 3 }])
  database.exec('alter table numbers add column four default 4')
  expect(all([])).toEqual([{ one: 1, two: 2, four: 4, three: 3 }])
  database.close()
})
