import { expect, test } from 'vitest'
import { readPages } from './listings.ts'

interface Input {
  Status: string
  NextToken?: string
}

/** Answers the pages in turn, and then the last again and again. */
function answering(...pages: { Items: string[]; NextToken: string | null }[]) {
  const inputs: Input[] = []
  const read = async (input: Input) => pages[Math.min(inputs.push(input), pages.length) - 1]
  return { inputs, read }
}

test('empty pages are skipped up to the first that has something', async () => {
  const last = { Items: ['c'], NextToken: 'd' }
  const { inputs, read } = answering({ Items: [], NextToken: 'a' }, { Items: [], NextToken: 'b' }, last)
  expect(await readPages({ Status: 'x' }, read)).toBe(last)
  expect(inputs).toEqual([{ Status: 'x' }, { Status: 'x', NextToken: 'a' }, { Status: 'x', NextToken: 'b' }])
})

test.each([
  ['with rows', { Items: ['a'], NextToken: 'b' }],
  ['that is the last', { Items: [], NextToken: null }],
])('a page %s is answered as it is', async (_, page) => {
  const { inputs, read } = answering(page)
  expect(await readPages({ Status: 'x' }, read)).toBe(page)
  expect(inputs).toHaveLength(1)
})

test('after a hundred empty pages the request is answered, with the token of the last', async () => {
  const { inputs, read } = answering({ Items: [], NextToken: 'a' })
  expect(await readPages({ Status: 'x' }, read)).toEqual({ Items: [], NextToken: 'a' })
  expect(inputs).toHaveLength(101)
})
