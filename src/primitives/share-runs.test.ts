import { expect, test } from 'vitest'
import { shareRuns } from './share-runs.ts'

test('calls that arrive during a run share the next one', async () => {
  const ends: (() => void)[] = []
  let runs = 0
  const share = shareRuns(async (_: object) => {
    const run = ++runs
    await new Promise<void>((resolve) => ends.push(resolve))
    return run
  })
  const subject = {}
  const first = share(subject)
  const others = [share(subject), share(subject)]
  const elsewhere = share({})
  for (const end of ends) end()
  expect(await Promise.all([first, elsewhere])).toEqual([1, 2])
  await expect.poll(() => ends.length).toBe(3)
  ends[2]?.()
  expect(await Promise.all(others)).toEqual([3, 3])
})

test('a run that fails is not remembered', async () => {
  let runs = 0
  const share = shareRuns((_: object) => (++runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve(runs)))
  const subject = {}
  const [first, second] = await Promise.allSettled([share(subject), share(subject)])
  expect([first?.status, second]).toEqual(['rejected', { status: 'fulfilled', value: 2 }])
  expect(await share(subject)).toBe(3)
})
