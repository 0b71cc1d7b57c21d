import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newDatabase } from '../../../test/support/belfry.ts'
import { openDatabase } from '../open.ts'

test('others have their turn between any two scans', async () => {
  const database = await openDatabase(await newDatabase())
  const counting = { turn: 0, isDone: false }
  const counted = countTurns(counting)
  const turns = await Promise.all(
    Array.from({ length: 5 }, () =>
      database.scan(async (db) => {
        await db.selectFrom('stock').select('phone_number').execute()
        return counting.turn
      }),
    ),
  )
  counting.isDone = true
  await counted
  await database.close()
  expect(new Set(turns).size).toBe(5)
})

async function countTurns(counting: { turn: number; isDone: boolean }) {
  for (; !counting.isDone; counting.turn++) await nextTurn()
}
