import { expect, test } from 'vitest'
import { createBodyMemory } from './body-memory.ts'

function givenMemory(bytesAtMost: number) {
  const memory = createBodyMemory(bytesAtMost)
  const dropped: string[] = []
  const begin = (name: string) => memory.allot(() => void dropped.push(name))
  return { begin, dropped }
}

test('the bodies that began longest ago are dropped to make room', () => {
  const { begin, dropped } = givenMemory(10)
  const [first, second, third] = [begin('first'), begin('second'), begin('third')]
  second.grow(4)
  first.grow(4)
  third.grow(2)
  expect(dropped).toEqual([])
  third.grow(1)
  expect(dropped).toEqual(['first'])
  third.grow(7)
  expect(dropped).toEqual(['first', 'second'])
})

test('whole bodies are not dropped, and a new one that does not fit beside them is', () => {
  const { begin, dropped } = givenMemory(10)
  const whole = begin('whole')
  whole.grow(10)
  whole.complete()
  begin('late').grow(1)
  expect(dropped).toEqual(['late'])
  whole.free()
  begin('next').grow(10)
  expect(dropped).toEqual(['late'])
})

test('a dropped body is dropped once, and freeing it again frees nothing', () => {
  const { begin, dropped } = givenMemory(10)
  const first = begin('first')
  first.grow(11)
  first.free()
  begin('second').grow(10)
  begin('third').grow(1)
  expect(dropped).toEqual(['first', 'second'])
})
