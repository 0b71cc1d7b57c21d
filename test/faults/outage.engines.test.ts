/** While the database is unavailable under load, requests get 503. Afterwards they succeed, and no acknowledged write is lost. */
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { newDatabase, startBelfry } from '../support/belfry.ts'
import { makeInterruptible } from '../support/interruptible-database.ts'

test('a server under the writes of 16 clients recovers from outages of its database', async () => {
  const store = await makeInterruptible(await newDatabase())
  const belfry = await startBelfry({ DATABASE: store.url })
  const { chime } = await belfry.tenant()
  const answers = { created: new Set<string>(), unavailable: 0, other: [] as unknown[] }
  const stop = new AbortController()
  const write = async () => {
    while (!stop.signal.aborted)
      await chime.createAccount({ Name: 'Under load' }).then(
        ({ Account }) => answers.created.add(Account?.AccountId ?? ''),
        (error: Error) =>
          error.name === 'ServiceUnavailableException' ? answers.unavailable++ : answers.other.push(error),
      )
  }
  const clients = Array.from({ length: 16 }, write)
  for (let round = 0; round < 3; round++) {
    const [before, refused] = [answers.created.size, answers.unavailable]
    await expect.poll(() => answers.created.size, { timeout: 10_000 }).toBeGreaterThan(before + 50)
    store.cut()
    await expect.poll(() => answers.unavailable, { timeout: 10_000 }).toBeGreaterThan(refused)
    await store.restore()
  }
  await expect
    .poll(
      () =>
        chime.listAccounts().then(
          () => 'served',
          () => 'refused',
        ),
      { timeout: 10_000 },
    )
    .toBe('served')
  stop.abort()
  await Promise.all(clients)
  expect(answers.other).toEqual([])
  const stored = await belfry.database.read((db) => db.selectFrom('accounts').select('account_id').execute())
  const ids = new Set(stored.map(({ account_id }) => account_id))
  for (const id of answers.created) expect(ids).toContain(id)
})

test('reads and writes on a closed database are refused as unavailable', async () => {
  const database = await openDatabase(await newDatabase())
  const ask = () => database.read((db) => db.selectFrom('accounts').select('name').execute())
  const change = () => database.write((db) => db.deleteFrom('accounts').execute())
  const asked = Promise.allSettled([ask(), change()])
  await database.close()
  const ends = [...(await asked), ...(await Promise.allSettled([ask(), change()]))]
  for (const end of ends.filter(({ status }) => status === 'rejected'))
    expect(end).toMatchObject({ reason: { name: 'ServiceUnavailableException' } })
  expect(ends.slice(2).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
