import { expect, test } from 'vitest'
import { createSharedExclusiveLock } from './shared-exclusive-lock.ts'

test('who runs alone waits for what runs, and what comes waits for it, also where it fails', async () => {
  const lock = createSharedExclusiveLock()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await new Promise(setImmediate)
    events.push(`${name} ends`)
    if (name === 'c') throw new Error(name)
  }
  const outcomes = await Promise.allSettled([
    lock.shared(work('a')),
    lock.shared(work('b')),
    lock.exclusive(work('c')),
    lock.shared(work('d')),
    lock.exclusive(work('e')),
    lock.shared(work('f')),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
  expect(events.slice(0, 6)).toEqual(['a begins', 'b begins', 'a ends', 'b ends', 'c begins', 'c ends'])
  const between = events.slice(events.indexOf('e begins'), events.indexOf('e ends') + 1)
  expect(between).toEqual(['e begins', 'e ends'])
})
