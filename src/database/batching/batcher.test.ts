import { expect, onTestFinished, test, vi } from 'vitest'
import { createBatcher } from './batcher.ts'

/** A batcher for three batches of up to four transactions each; `end` ends the batches in flight. */
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

test('transactions that arrive at once share one batch, although three may run', async () => {
  const { batches, addMany, end } = open()
  const three = addMany(3)
  await expect.poll(() => batches).toEqual([3])
  end()
  expect(await three).toEqual(['done', 'done', 'done'])
  expect(batches).toEqual([3])
})

test('transactions beyond a full batch start the next one, and wait once all batches are in flight', async () => {
  const { batches, addMany, end } = open()
  const many = addMany(14)
  await expect.poll(() => batches).toEqual([4, 4, 4])
  end()
  await expect.poll(() => batches).toEqual([4, 4, 4, 2])
  end()
  expect(await many).toHaveLength(14)
})

test('a transaction that has waited longer than the queue timeout is refused as unavailable', async () => {
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
