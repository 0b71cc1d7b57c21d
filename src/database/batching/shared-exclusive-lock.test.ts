import { expect, test } from 'vitest'
import { createTurns } from './shared-exclusive-lock.ts'

test('an exclusive run waits for the shared runs before it and blocks later runs until it ends, even if it fails', async () => {
  const turns = createTurns()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await new Promise(setImmediate)
    events.push(`${name} ends`)
    if (name === 'c') throw new Error(name)
  }
  const outcomes = await Promise.allSettled([
    turns.together(work('a')),
    turns.together(work('b')),
    turns.alone(work('c')),
    turns.together(work('d')),
    turns.alone(work('e')),
    turns.together(work('f')),
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
