/** What PostgreSQL answers, whole or in part, and what its callers are told. */
import type { Socket } from 'node:net'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'
import type { Db } from '../schema/tables.ts'
import { newDatabase, runSql } from '../../../test/support/belfry.ts'
import { startTcpProxy } from '../../../test/support/tcp-proxy.ts'
import { claim, rename } from '../../../test/support/domain-claims.ts'

/** Of a database in which `a` and `b` are claimed. */
async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(() => database.close().catch(() => {}))
  for (const domain of ['a', 'b']) await database.write(claim(domain))
  return database
}

/** What became of five claims and a change that come at once. */
async function outcomesOf(database: Database, from: string, to: string) {
  const works = [...['c', 'd', 'e', 'f', 'g'].map(claim), (db: Db) => rename(db, { from, to })]
  const ends = await Promise.allSettled(works.map((work) => database.write(work)))
  return ends.map((end) => (end.status === 'fulfilled' ? 'done' : (end.reason as Error).name))
}

const allUnavailable = Array(6).fill('ServiceUnavailableException')

test('an error is one in any language', async () => {
  // As much of a translation as keeps the length: only this word of an error is translated, and stands there once more.
  const translate = (said: Buffer) =>
    Buffer.from(said.toString('latin1').replaceAll('SERROR\0VERROR', 'SFALSE\0VERROR'), 'latin1')
  const proxy = await startTcpProxy(await newDatabase(), translate)
  const database = await open(proxy.url)
  expect(await outcomesOf(database, 'a', 'b')).toEqual([...Array(5).fill('done'), 'error'])
})

test('where the connection breaks after an error and before the end of the commit, nobody knows', async () => {
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

/** A transaction has 100 ms more from where it claims `c`; others, as those of opening, take what they take. */
const limitClaimsOfC = `
  alter table account_domains add constraint limited
    check (domain <> 'c' or set_config('transaction_timeout', '100', true) is not null)`

/** By another client, in a transaction that does not end before the test. */
async function claimElsewhere(url: string, domain: string) {
  const other = new Client(url)
  onTestFinished(() => other.end())
  await other.connect()
  await other.query('begin')
  await other.query("insert into account_domains values ('111122223333', 'b', $1, '')", [domain])
}

test('where the database ends a transaction that takes too long, all in it are told to come back', async () => {
  const url = await newDatabase()
  const database = await open(url)
  await runSql(url, limitClaimsOfC)
  await claimElsewhere(url, 'taken')
  expect(await outcomesOf(database, 'a', 'taken')).toEqual(allUnavailable)
})
