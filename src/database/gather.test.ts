import { expect, test } from 'vitest'
import { gather } from './gather.ts'

/** Three lanes, of which each does up to four at a time, when it is told to. */
function open() {
  const groups: number[] = []
  const ends: (() => void)[] = []
  const add = gather(3, 4, async (group) => {
    groups.push(group.length)
    await new Promise<void>((resolve) => ends.push(resolve))
    for (const { resolve } of group) resolve('done')
  })
  const addMany = (count: number) => Promise.all(Array.from({ length: count }, () => add(async () => {})))
  return { groups, addMany, end: () => ends.splice(0).forEach((end) => end()) }
}

test('those that come at once are one group, whatever is free', async () => {
  const { groups, addMany, end } = open()
  const three = addMany(3)
  await expect.poll(() => groups).toEqual([3])
  end()
  expect(await three).toEqual(['done', 'done', 'done'])
  expect(groups).toEqual([3])
})

test('what is too much for one goes to the next, and what is too much for all waits', async () => {
  const { groups, addMany, end } = open()
  const many = addMany(14)
  await expect.poll(() => groups).toEqual([4, 4, 4])
  end()
  await expect.poll(() => groups).toEqual([4, 4, 4, 2])
  end()
  expect(await many).toHaveLength(14)
})
