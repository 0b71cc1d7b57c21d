import { expect, onTestFinished, test, vi } from 'vitest'
import { createBatcher } from './batcher.ts'

/** Three lanes, of which each does up to four at a time, when it is told to. */
function open() {
  const batches: number[] = []
  const ends: (() => void)[] = []
  const add = createBatcher({
    concurrency: 3,
    maxBatchSize: 4,
    queueTimeoutMs: 4_000,
    async run(batch) {
      batches.push(batch.length)
      await new Promise<void>((resolve) => ends.push(resolve))
      for (const { resolve } of batch) resolve('done')
    },
  })
  const addMany = (count: number) => Promise.all(Array.from({ length: count }, () => add(async () => {})))
  return { batches, addMany, end: () => ends.splice(0).forEach((end) => end()) }
}

test('those that come at once are one group, whatever is free', async () => {
  const { batches, addMany, end } = open()
  const three = addMany(3)
  await expect.poll(() => batches).toEqual([3])
  end()
  expect(await three).toEqual(['done', 'done', 'done'])
  expect(batches).toEqual([3])
})

test('what is too much for one goes to the next, and what is too much for all waits', async () => {
  const { batches, addMany, end } = open()
  const many = addMany(14)
  await expect.poll(() => batches).toEqual([4, 4, 4])
  end()
  await expect.poll(() => batches).toEqual([4, 4, 4, 2])
  end()
  expect(await many).toHaveLength(14)
})

test('who has waited too long for a turn is told to come back', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { batches, addMany, end } = open()
  const first = addMany(12)
  await expect.poll(() => batches).toEqual([4, 4, 4])
  const tooLong = Promise.allSettled([addMany(1), addMany(1)])
  vi.advanceTimersByTime(3_000)
  const notYet = addMany(1)
  vi.advanceTimersByTime(1_001)
  end()
  expect(await first).toHaveLength(12)
  for (const ended of await tooLong)
    expect(ended).toMatchObject({ status: 'rejected', reason: { name: 'ServiceUnavailableException' } })
  await expect.poll(() => batches).toEqual([4, 4, 4, 1])
  end()
  expect(await notYet).toEqual(['done'])
})
