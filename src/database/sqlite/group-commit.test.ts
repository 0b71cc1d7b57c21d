import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claim } from '../../../test/support/domain-claims.ts'
import { folderOfTest } from '../../../test/support/folder.ts'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'
import type { Db } from '../transaction.ts'

async function open(): Promise<Database> {
  const database = await openDatabase(`sqlite:${join(folderOfTest(), 'belfry.db')}`)
  onTestFinished(() => database.close())
  return database
}

const domainsOf = (database: Database) =>
  database.read(async (db) => {
    const rows = await db.selectFrom('account_domains').select('domain').orderBy('domain').execute()
    return rows.map(({ domain }) => domain)
  })

test('a write that fails within a group commit is rolled back alone', async () => {
  const database = await open()
  const outcomes = await Promise.allSettled([
    database.write(claim('a')),
    database.write(async (db) => {
      await claim('b')(db)
      throw new Error('changed its mind')
    }),
    database.write(claim('a')),
    database.write(claim('c')),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(await domainsOf(database)).toEqual(['a', 'c'])
})

test('no write is answered before its group commit', async () => {
  const database = await open()
  const events: string[] = []
  const write = (name: string, work: (db: Db) => Promise<unknown>) =>
    database.write(async (db) => {
      events.push(`${name} runs`)
      return work(db)
    })
  const settled = [
    write('first', claim('a')).then(() => events.push('first answered')),
    write('second', () => Promise.reject(new Error('no'))).catch(() => events.push('second answered')),
    write('third', claim('b')).then(() => events.push('third answered')),
  ]
  await Promise.all(settled)
  expect(events.slice(0, 3)).toEqual(['first runs', 'second runs', 'third runs'])
  expect(events.slice(3).toSorted()).toEqual(['first answered', 'second answered', 'third answered'])
})

test('a read sees only committed writes', async () => {
  const database = await open()
  let seen: string[] = []
  await database.write(async (db) => {
    await claim('a')(db)
    seen = await domainsOf(database)
  })
  expect(seen).toEqual([])
  expect(await domainsOf(database)).toEqual(['a'])
})
