/** A database that does not answer, or that ends long transactions, leads to a 503 within seconds. */
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'
import type { Db } from '../transaction.ts'
import { newAccount } from '../../domains/accounts/rules.ts'
import { insertAccount } from '../../domains/accounts/store.ts'
import { newDatabase } from '../../../test/support/belfry.ts'
import { startTcpProxy } from '../../../test/support/tcp-proxy.ts'

const now = '2026-01-01T00:00:00.000Z'
const accountOf = (name: string) => newAccount(now, { aws_account_id: '111122223333', account_id: name, name })
const write = (database: Database, name: string) => database.write((db) => insertAccount(db, accountOf(name)))

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(() => database.close().catch(() => {}))
  return database
}

/** Many batches: if each waited for a timeout of its own, the last would wait for most of a minute. */
const count = 300

test('transactions on a database that stops answering are refused as unavailable within seconds', async () => {
  let isSilent = false
  const proxy = await startTcpProxy(await newDatabase(), (chunk) => (isSilent ? undefined : chunk))
  const database = await open(proxy.url)
  const read = () => database.read((db) => db.selectFrom('accounts').select('name').execute())
  await write(database, 'before')
  expect(await read()).toHaveLength(1)
  isSilent = true
  const began = performance.now()
  const ends = await Promise.allSettled(
    Array.from({ length: count }, (_, at) => (at % 2 ? write(database, `${at}`) : read())),
  )
  expect(performance.now() - began).toBeLessThan(20_000)
  const reasons = ends.map((end) => end.status === 'rejected' && (end.reason as Error).name)
  expect(new Set(reasons)).toEqual(new Set(['ServiceUnavailableException']))
})

test('a transaction that takes longer than the database allows is refused as unavailable', async () => {
  const database = await open(await newDatabase())
  const limit = sql`set_config('transaction_timeout', '100', true)`
  const dawdle = (db: Db) => db.selectNoFrom([limit.as('limit'), sql`pg_sleep(10)`.as('slept')]).execute()
  const unavailable = { name: 'ServiceUnavailableException' }
  await expect(database.read(dawdle)).rejects.toMatchObject(unavailable)
  await expect(database.write(dawdle)).rejects.toMatchObject(unavailable)
  await write(database, 'afterwards')
})
