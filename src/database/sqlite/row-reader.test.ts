import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { folderOfTest } from '../../../test/support/folder.ts'
import { connect } from './connection.ts'

function open() {
  const file = join(folderOfTest(), 'belfry.db')
  const [one, other] = [new DatabaseSync(file), new DatabaseSync(file)] as const
  onTestFinished(() => {
    for (const database of [one, other]) database.close()
  })
  return [one, other] as const
}

test.each([
  ['adds a column', 'alter table numbers add column four default 4', { one: 1, two: 2, four: 4, three: 3 }],
  ['takes a column away', 'alter table numbers drop column one', { two: 2, three: 3 }],
  [
    'puts another in the place of a column',
    'alter table numbers drop column one; alter table numbers add column four default 4',
    { two: 2, four: 4, three: 3 },
  ],
])('names stay with their values when another process %s', async (_, change, row) => {
  const [one, other] = open()
  other.exec('create table numbers (one, two); create table others (three)')
  other.exec('insert into numbers values (1, 2); insert into others values (3)')
  const { db, execute } = connect(one)
  const everything = {
    sql: 'select numbers.*, three from numbers, others',
    parameters: [],
    values: () => [],
    coalesce: false,
  }
  const source = () => everything
  const ask = async () => {
    execute('begin')
    const rows = await db.runQuery(source, {})
    execute('commit')
    return rows
  }
  expect(await ask()).toEqual([{ one: 1, two: 2, three: 3 }])
  other.exec(change)
  expect(await ask()).toEqual([row])
})
