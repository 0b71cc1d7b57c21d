import { expect, onTestFinished, test } from 'vitest'
import { preparedSources, preparedWrite } from '../prepared-query.ts'
import { openPostgres } from './engine.ts'

const url = 'postgres://127.0.0.1:1/none'

/** Forgets the prepared statements of the test again. */
function registering(register: () => void) {
  const { length } = preparedSources
  register()
  onTestFinished(() => void preparedSources.splice(length))
}

test('a prepared statement without a multi-row form fails the start', () => {
  registering(() => preparedWrite((db, { a }: { a: string }) => db.updateTable('stock').set({ country: a })))
  expect(() => openPostgres(url)).toThrow(/needs \{ coalesce: false \}: update "stock"/)
})

test('a prepared statement that is not to be coalesced needs no multi-row form', async () => {
  registering(() =>
    preparedWrite((db, { a }: { a: string }) => db.updateTable('stock').set({ country: a }), { coalesce: false }),
  )
  await openPostgres(url).database.close()
})
