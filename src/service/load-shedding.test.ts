import { expect, test } from 'vitest'
import { createLoadGauge } from './load-shedding.ts'

/** A gauge whose windows are as late as the test says, with a limit of one second. */
function givenGauge(maxRequests = 0) {
  const loopDelay = { mean: 0, reset: () => {} }
  const gauge = createLoadGauge({ maxRequests, maxDelayMs: 1000, noteTurnedAway: () => {} }, loopDelay)
  const endWindow = (delayMs: number) => {
    loopDelay.mean = (delayMs + 20) * 1e6
    gauge.sample()
  }
  const enter = (count: number) => Array.from({ length: count }, gauge.tryEnter).filter(Boolean).length
  const leave = (count: number) => Array.from({ length: count }, gauge.leave)
  return { endWindow, enter, leave }
}

test('after a single stall everybody is answered, whatever arrives', () => {
  const { endWindow, enter, leave } = givenGauge()
  for (const requests of [1, 8, 500]) {
    expect(enter(requests)).toBe(requests)
    endWindow(60_000)
    expect(enter(100)).toBe(100)
    leave(requests + 100)
    endWindow(0)
    endWindow(0)
  }
})

test('a lone client is answered after any number of stalls', () => {
  const { endWindow, enter, leave } = givenGauge()
  for (let stall = 0; stall < 20; stall++) {
    expect(enter(1)).toBe(1)
    endWindow(2000)
    leave(1)
  }
})

test('if the loop is late twice in a row with many requests in flight, a handful are taken', () => {
  const { endWindow, enter } = givenGauge()
  enter(100)
  endWindow(1001)
  endWindow(1001)
  expect(enter(1)).toBe(0)
})

test('requests that were answered within a late window count as waiting in it', () => {
  const { endWindow, enter, leave } = givenGauge()
  for (let window = 0; window < 2; window++) {
    enter(100)
    leave(100)
    endWindow(1001)
  }
  expect(enter(100)).toBe(8)
})

test('after an overload all requests are taken again, until the next late window', () => {
  const { endWindow, enter, leave } = givenGauge()
  enter(100)
  endWindow(1001)
  endWindow(1001)
  endWindow(0)
  expect(enter(100)).toBe(100)
  endWindow(1001)
  expect(enter(1)).toBe(0)
  leave(200)
  endWindow(0)
  endWindow(0)
  expect(enter(100)).toBe(100)
  endWindow(1001)
  expect(enter(1)).toBe(1)
})

test('a window without a sample is not late', () => {
  const { endWindow, enter } = givenGauge()
  enter(100)
  endWindow(1001)
  endWindow(Number.NaN)
  expect(enter(1)).toBe(1)
})

test('no more requests are taken than the limit', () => {
  const { enter, leave } = givenGauge(10)
  expect(enter(11)).toBe(10)
  leave(1)
  expect(enter(2)).toBe(1)
})
