/** Transactions with disjoint conflict keys run interleaved in one batch, and succeed or fail independently. */
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { badRequest } from '../../contract/errors.ts'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'
import { preparedWrite, preparedQuery } from '../prepared-query.ts'
import type { Db } from '../transaction.ts'
import { newDatabase } from '../../../test/support/belfry.ts'
import { rename } from '../../../test/support/domain-claims.ts'

let database: Database

beforeEach(async () => {
  database = await openDatabase(await newDatabase())
  onTestFinished(() => database.close())
})

const aws_account_id = '111122223333'

const insert = preparedWrite(
  (db, claim: { domain: string; by: string | null }) =>
    db.insertInto('account_domains').values({
      aws_account_id: '111122223333',
      account_id: 'a',
      domain: claim.domain,
      claimed_at: claim.by as string,
    }),
  { coalesce: false },
)
const find = preparedQuery((db, { domain }: { domain: string }) =>
  db.selectFrom('account_domains').select(['domain', 'claimed_at']).where('domain', '=', domain).limit(1),
)
const listAll = preparedQuery((db, key: { aws_account_id: string }) =>
  db.selectFrom('account_domains').select('domain').where('aws_account_id', '=', key.aws_account_id),
)

/** Claims a domain, and refuses if it is claimed already. */
const claim =
  (domain: string, by: string | null = 'somebody') =>
  async (db: Db) => {
    const [found] = await find(db, { domain })
    if (found) throw badRequest(`${domain} belongs to ${found.claimed_at}`)
    await insert(db, { domain, by })
  }

type Work = (db: Db) => Promise<unknown>

/** Runs all at once; the conflict key of each is its name. */
async function write(works: Record<string, Work>): Promise<string[]> {
  const ends = await Promise.allSettled(Object.entries(works).map(([name, work]) => database.write(work, [name])))
  return ends.map((end) => (end.status === 'fulfilled' ? 'done' : (end.reason as Error).message))
}

const claimed = async () =>
  (await database.read((db) => listAll(db, { aws_account_id }))).map(({ domain }) => domain).toSorted()

test('all transactions of a batch read before any of them writes, and they share a commit', async () => {
  const { commits } = database.counters
  const seen: number[] = []
  const look = (domain: string) => async (db: Db) => {
    seen.push((await listAll(db, { aws_account_id })).length)
    await insert(db, { domain, by: '' })
  }
  expect(await write({ a: look('a'), b: look('b'), c: look('c') })).toEqual(['done', 'done', 'done'])
  expect(seen).toEqual([0, 0, 0])
  expect(await claimed()).toEqual(['a', 'b', 'c'])
  expect(database.counters.commits).toBe(commits + 1)
})

test('a refused transaction changes nothing, even if it has already written', async () => {
  const changesItsMind = async (db: Db) => {
    await claim('b')(db)
    throw badRequest('changed its mind')
  }
  expect(await write({ a: claim('a'), b: changesItsMind, c: claim('c') })).toEqual(['done', 'changed its mind', 'done'])
  expect(await claimed()).toEqual(['a', 'c'])
})

test('a fault fails only the transaction in which it occurs', async () => {
  const faulty = () => Promise.reject(new TypeError('a fault'))
  expect(await write({ a: claim('a'), b: faulty, c: claim('c') })).toEqual(['done', 'a fault', 'done'])
  expect(await claimed()).toEqual(['a', 'c'])
})

test('a write that violates a constraint fails only its own transaction', async () => {
  const [first, second, third] = await write({ a: claim('a'), b: claim('b', null), c: claim('c') })
  expect([first, third]).toEqual(['done', 'done'])
  expect(second).toMatch(/null/i)
  expect(await claimed()).toEqual(['a', 'c'])
})

test('a query does not see a write that was made after it', async () => {
  await database.write(async (db) => {
    await find(db, { domain: 'somewhere else' })
    const [found] = await Promise.all([find(db, { domain: 'a' }), insert(db, { domain: 'a', by: '' })])
    expect(found).toEqual([])
  })
  expect(await claimed()).toEqual(['a'])
})

test('a transaction with a conflict key in common, or without keys, runs later and sees the earlier writes', async () => {
  const ends = await Promise.allSettled([
    database.write(claim('a', 'the first'), ['a', 'x']),
    database.write(claim('a', 'the second'), ['y', 'a']),
    database.write(claim('b'), ['y']),
    database.write(claim('b')),
  ])
  const reasons = ends.map((end) => end.status === 'rejected' && (end.reason as Error).message)
  expect(reasons).toEqual([false, 'a belongs to the first', false, 'b belongs to somebody'])
  expect(await claimed()).toEqual(['a', 'b'])
})

test('each of many coalesced queries gets its own rows, for texts of any kind', async () => {
  const texts = ['NULL', 'null', '', '"', '\\', '{}', '{a,b}', ',', "'", '🙂', '$1', ' a ', '\n', 'a"b\\c,d']
  await write(Object.fromEntries(texts.map((text) => [text, claim(text, `by ${text}`)])))
  expect(await claimed()).toEqual(texts.toSorted())
  const asked = [...texts, 'nobody has it', ...texts]
  const answers = await Promise.all(asked.map((domain) => database.read((db) => find(db, { domain }))))
  const row = (domain: string) => ({ domain, claimed_at: `by ${domain}` })
  expect(answers).toEqual([...texts.map((text) => [row(text)]), [], ...texts.map((text) => [row(text)])])
})

test('the writes of a transaction are applied in their order', async () => {
  await write({ a: claim('a'), b: claim('b') })
  const move = (from: string, to: string) => async (db: Db) => {
    await rename(db, { from, to })
    await insert(db, { domain: from, by: 'the next' })
  }
  expect(await write({ a: move('a', 'a2'), b: move('b', 'b2'), c: claim('c') })).toEqual(['done', 'done', 'done'])
  expect(await claimed()).toEqual(['a', 'a2', 'b', 'b2', 'c'])
})

test('a transaction that reads after its first write, or runs a query that is not prepared, runs alone', async () => {
  const asksLate = async (db: Db) => {
    await insert(db, { domain: 'a', by: '' })
    expect(await find(db, { domain: 'a' })).toHaveLength(1)
  }
  const asksFreely = async (db: Db) => {
    await db.selectFrom('account_domains').selectAll().execute()
    await claim('b')(db)
  }
  expect(await write({ a: asksLate, b: asksFreely, c: claim('c') })).toEqual(['done', 'done', 'done'])
  expect(await claimed()).toEqual(['a', 'b', 'c'])
})
