/** The outcome that a caller gets for a complete or a truncated answer of PostgreSQL. */
import type { Socket } from 'node:net'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'
import type { Db } from '../transaction.ts'
import { newDatabase, runSql } from '../../../test/support/belfry.ts'
import { startTcpProxy } from '../../../test/support/tcp-proxy.ts'
import { claim, rename } from '../../../test/support/domain-claims.ts'

/** Opens a database and claims `a` and `b`. */
async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(() => database.close().catch(() => {}))
  for (const domain of ['a', 'b']) await database.write(claim(domain))
  return database
}

/** The outcomes of five claims and a rename that run at once. */
async function outcomesOf(database: Database, from: string, to: string) {
  const works = [...['c', 'd', 'e', 'f', 'g'].map(claim), (db: Db) => rename(db, { from, to })]
  const ends = await Promise.allSettled(works.map((work) => database.write(work)))
  return ends.map((end) => (end.status === 'fulfilled' ? 'done' : (end.reason as Error).name))
}

const allUnavailable = Array(6).fill('ServiceUnavailableException')

test('an error is recognised in any language of the server', async () => {
  // Replaces the localized severity (field S) with a word of the same length; field V is never localized.
  const translate = (said: Buffer) =>
    Buffer.from(said.toString('latin1').replaceAll('SERROR\0VERROR', 'SFALSE\0VERROR'), 'latin1')
  const proxy = await startTcpProxy(await newDatabase(), translate)
  const database = await open(proxy.url)
  expect(await outcomesOf(database, 'a', 'b')).toEqual([...Array(5).fill('done'), 'error'])
})

test('if the connection breaks after an error and before the end of the commit, its outcome is unknown', async () => {
  let isArmed = false
  const cutAfterError = (said: Buffer, client: Socket) => {
    const error = said.indexOf('C23505')
    if (!isArmed || error < 0) return said
    isArmed = false
    client.end(said.subarray(0, said.indexOf('\0\0', error) + 2))
    return undefined
  }
  const proxy = await startTcpProxy(await newDatabase(), cutAfterError)
  const database = await open(proxy.url)
  isArmed = true
  expect(await outcomesOf(database, 'a', 'b')).toEqual(allUnavailable)
})

/** Ends a transaction 100 ms after it claims `c`; others, such as those of opening, have no limit. */
const limitClaimsOfC = `
  alter table account_domains add constraint limited
    check (domain <> 'c' or set_config('transaction_timeout', '100', true) is not null)`

/** Claims by another client, in a transaction that stays open until the test ends. */
async function claimElsewhere(url: string, domain: string) {
  const other = new Client(url)
  onTestFinished(() => other.end())
  await other.connect()
  await other.query('begin')
  await other.query("insert into account_domains values ('111122223333', 'b', $1, '')", [domain])
}

test('if the database ends a transaction that takes too long, all writes of its batch are refused as unavailable', async () => {
  const url = await newDatabase()
  const database = await open(url)
  await runSql(url, limitClaimsOfC)
  await claimElsewhere(url, 'taken')
  expect(await outcomesOf(database, 'a', 'taken')).toEqual(allUnavailable)
})
