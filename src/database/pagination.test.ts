/** A token leads to the next page of the listing it was made for, and of no other. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Position, page } from './pagination.ts'

const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 40 })
const position = fc.tuple(plain, plain)
const scope = fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined }), {
  minLength: 1,
  maxLength: 5,
})
const runs = { numRuns: 300 }

/** The token of a page that ends at `last`. */
async function tokenOf(last: Position, scope: readonly (string | undefined)[]): Promise<string> {
  const { nextToken } = await page(
    { MaxResults: 1 },
    {
      defaultLimit: 1,
      scope,
      fetch: async () => [last, last],
      positionOf: (row) => row,
    },
  )
  return nextToken ?? ''
}

/** The position at which a listing resumes with the token; undefined if the token is refused. */
async function readBack(NextToken: string, scope: readonly (string | undefined)[]) {
  let after: Position | undefined
  try {
    await page(
      { NextToken },
      {
        defaultLimit: 1,
        scope,
        fetch: async (request) => ((after = request.after), []),
        positionOf: (row: Position) => row,
      },
    )
  } catch {
    return undefined
  }
  return after
}

test('a token resumes its listing at the position it was made for', async () => {
  await fc.assert(
    fc.asyncProperty(position, scope, async (last, scope) => {
      expect(await readBack(await tokenOf(last, scope), scope)).toEqual(last)
    }),
    runs,
  )
})

test('a token of another listing is refused', async () => {
  await fc.assert(
    fc.asyncProperty(position, scope, scope, async (last, made, asked) => {
      fc.pre(JSON.stringify(made) !== JSON.stringify(asked))
      expect(await readBack(await tokenOf(last, made), asked)).toBeUndefined()
    }),
    runs,
  )
})

test('a token with any change is refused', async () => {
  const change = fc.oneof(
    fc.record({
      at: fc.nat(),
      cut: fc.constantFrom(0, 1),
      insert: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }),
    }),
    fc.record({ at: fc.nat(), cut: fc.integer({ min: 1, max: 5 }), insert: fc.constant('') }),
  )
  await fc.assert(
    fc.asyncProperty(position, scope, change, async (last, scope, { at, cut, insert }) => {
      const token = await tokenOf(last, scope)
      const place = at % (token.length + 1)
      const changed = token.slice(0, place) + insert + token.slice(place + cut)
      fc.pre(changed !== token)
      expect(await readBack(changed, scope), `${token} -> ${changed}`).toBeUndefined()
    }),
    runs,
  )
})

test('a text that never was a token is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.json()),
      scope,
      async (text, scope) => {
        expect(await readBack(text, scope)).toBeUndefined()
      },
    ),
    runs,
  )
})
