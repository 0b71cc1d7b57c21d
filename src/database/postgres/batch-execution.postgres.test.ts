/** Writes that share a database transaction on PostgreSQL succeed or fail independently. */
import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { badRequest } from '../../contract/errors.ts'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'
import { preparedQuery } from '../prepared-query.ts'
import type { Db } from '../transaction.ts'
import { newDatabase, runSql } from '../../../test/support/belfry.ts'
import { claim, rename } from '../../../test/support/domain-claims.ts'

let url: string
let database: Database

beforeEach(async () => {
  url = await newDatabase()
  database = await openDatabase(url)
  onTestFinished(() => database.close())
})

const refuse = (domain: string) => async (db: Db) => {
  await claim(domain)(db)
  throw badRequest('changed its mind')
}

async function write(...works: ((db: Db) => Promise<unknown>)[]): Promise<string[]> {
  const ends = await Promise.allSettled(works.map((work) => database.write(work)))
  return ends.map((end) => (end.status === 'fulfilled' ? 'done' : (end.reason as Error).message))
}

const claimed = () =>
  database.read(async (db) => {
    const rows = await db.selectFrom('account_domains').select('domain').orderBy('domain').execute()
    return rows.map(({ domain }) => domain)
  })

test('concurrent writes share a commit, and a refused one is rolled back alone', async () => {
  const { commits } = database.counters
  expect(await write(claim('a'), refuse('b'), claim('c'))).toEqual(['done', 'changed its mind', 'done'])
  expect(await claimed()).toEqual(['a', 'c'])
  expect(database.counters.commits).toBe(commits + 1)
})

test('a write that violates a constraint, or throws a fault, fails alone', async () => {
  const faulty = async (db: Db) => {
    await claim('b')(db)
    throw new TypeError('a fault')
  }
  const [first, fault, second, twice, third] = await write(claim('a'), faulty, claim('c'), claim('a'), claim('d'))
  expect([first, fault, second, third]).toEqual(['done', 'a fault', 'done', 'done'])
  expect(twice).toMatch(/duplicate key/)
  expect(await claimed()).toEqual(['a', 'c', 'd'])
})

test('a write that waits for a lock of another server does not hold up other writes', async () => {
  const other = new Client(url)
  await other.connect()
  await other.query('begin')
  await other.query("insert into account_domains values ('111122223333', 'b', 'taken', '')")
  const waiting = write(claim('taken'))
  expect(await write(claim('taken too'), claim('a'), claim('c'))).toEqual(['done', 'done', 'done'])
  await other.query('rollback')
  await other.end()
  expect(await waiting).toEqual(['done'])
})

test('a read that fails does not fail the other reads of its snapshot', async () => {
  await write(claim('a'))
  const faulty = database.read((db) =>
    db
      .selectFrom('nothing' as 'accounts')
      .selectAll()
      .execute(),
  )
  const ends = await Promise.allSettled([claimed(), faulty, claimed()])
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

/** Runs `act` while another server holds a lock on the domain `taken`, until `last` is claimed. */
async function whileTaken(act: () => Promise<unknown>) {
  const other = new Client(url)
  await other.connect()
  await other.query('begin')
  await other.query("insert into account_domains values ('111122223333', 'b', 'taken', '')")
  const acting = act()
  await expect.poll(claimed, { timeout: 5_000 }).toContain('last')
  await other.query('rollback')
  await other.end()
  await acting
}

test('the rollback of a refused write does not hide the failure of another write in the batch', async () => {
  await write(claim('a'), claim('b'))
  let runs = 0
  const grow = async (db: Db) => {
    const { length } = await db.selectFrom('account_domains').select('domain').execute()
    runs++
    await claim(`${length} domains, and one more`)(db)
  }
  const refused = () => Promise.reject(badRequest('changed its mind'))
  const ends = await write(grow, collide, refused)
  expect([ends[0], ends[2]]).toEqual(['done', 'changed its mind'])
  expect(ends[1]).toMatch(/duplicate key/)
  expect(await claimed()).toEqual(['2 domains, and one more', 'a', 'b'])
  expect(runs).toBeGreaterThan(1)
})

test('the rollback of a refused write does not hide a lock timeout of another write in the batch', async () => {
  await write(claim('a'))
  await whileTaken(async () => {
    const ends = write(claim('x'), (db) => rename(db, { from: 'a', to: 'taken' }), refuse('y'))
    await write(claim('last'))
    expect(await ends).toEqual(['done', 'done', 'changed its mind'])
  })
  expect(await claimed()).toEqual(['last', 'taken', 'x'])
})

/** A full batch; each transaction calls `begun` when it begins. */
const groupSize = 32
const claims = (name: string, begun = () => {}) =>
  Array.from({ length: groupSize }, (_, at) => async (db: Db) => {
    begun()
    await claim(`${name} ${at}`)(db)
  })
/** Fails with a duplicate key, which is reported no earlier than at the commit. */
const collide = (db: Db) => rename(db, { from: 'a', to: 'b' })

test('the next batch begins while the commit of the batch before it is in flight', async () => {
  const events: string[] = []
  const works = [...claims('first'), ...claims('second', () => events.push('second begins'))]
  await Promise.all(
    works.map((work, at) => database.write(work).then(() => events.push(at < groupSize ? 'first is done' : 'done'))),
  )
  expect(events.indexOf('second begins')).toBeLessThan(events.indexOf('first is done'))
  expect(await claimed()).toHaveLength(2 * groupSize)
})

test('a write that fails at its commit does not fail the next batch', async () => {
  await write(claim('a'), claim('b'))
  const ends = await write(collide, ...claims('first').slice(1), ...claims('second'), refuse('c'))
  expect(ends[0]).toMatch(/duplicate key/)
  expect(new Set(ends.slice(1, -1))).toEqual(new Set(['done']))
  expect(ends.at(-1)).toBe('changed its mind')
  expect(await claimed()).toHaveLength(2 + 2 * groupSize - 1)
})

test('no further batch begins while the halves of a failed batch are retried', async () => {
  await write(claim('a'), claim('b'))
  const events: string[] = []
  const first = claims('first').slice(1)
  const third = claims('third', () => events.push('third begins'))
  const done = first.map((work) => database.write(work).then(() => events.push('first is done')))
  await Promise.all([...done, ...[collide, ...claims('second'), ...third].map((work) => write(work))])
  expect(events.lastIndexOf('first is done')).toBeLessThan(events.indexOf('third begins'))
})

test('a statement that was prepared before the schema changed is prepared again', async () => {
  const all = preparedQuery((db, { domain }: { domain: string }) =>
    db.selectFrom('account_domains').selectAll().where('domain', '=', domain),
  )
  const look = () => database.read((db) => all(db, { domain: 'a' }))
  await write(claim('a'), claim('b'))
  await Promise.all(Array.from({ length: 20 }, look))
  await runSql(url, 'alter table account_domains add column later text')
  expect(await look()).toHaveLength(1)
  const touch = async (db: Db) => {
    expect(await all(db, { domain: 'a' })).toHaveLength(1)
    await claim('c')(db)
  }
  expect(await write(touch, claim('d'))).toEqual(['done', 'done'])
})
