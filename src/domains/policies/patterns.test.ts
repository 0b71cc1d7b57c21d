import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Policy, parsePolicy } from './document.ts'
import { type Fact, createFact } from './fact.ts'
import { compilePattern, indexText, matchesBeginning } from './patterns.ts'

const fits = (pattern: string, text: string) => createFact(text).fits(compilePattern(pattern))

/** Step by step with backtracking: evidently right, and as slow as the pattern is long times the text. */
function oracle(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, t, p + 1]
    else if (pattern[p] === '?' || pattern[p] === text[t]) [p, t] = [p + 1, t + 1]
    else if (star >= 0) [p, t, mark] = [star + 1, mark + 1, mark + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(p))
}

/** Few letters, so that patterns often match; lengths around 32 and 64, where a word of memory ends. */
const units = ['a', 'b', '\n', '\u{1f600}'] as const
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...units, '*', '?'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 30, maxLength: 70 }),
)
const pattern = fc.oneof(
  fc.string({ unit: fc.constantFrom(...units, '*', '?', '*'), maxLength: 10 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '?'), minLength: 25, maxLength: 70 }),
)

describe('a pattern', () => {
  test('matches as it does step by step', () => {
    const property = fc.property(pattern, text, (pattern, text) => {
      expect(fits(pattern, text)).toBe(oracle(pattern, text))
    })
    fc.assert(property, { numRuns: 3_000 })
  })

  test('that is made of a text matches it', () => {
    const piece = fc.tuple(
      fc.constantFrom('*', '?', 'same'),
      fc.string({ unit: fc.constantFrom(...units), maxLength: 40 }),
    )
    const property = fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const made = pieces.map(([how, piece]) => ({ same: piece, '*': '*', '?': '?'.repeat(piece.length) })[how])
      expect(fits(made.join(''), pieces.map(([, piece]) => piece).join(''))).toBe(true)
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  test('matches the beginning of a text if what is left of it can match the rest', () => {
    const property = fc.property(pattern, text, (pattern, text) => {
      const lengths = Array.from({ length: pattern.length + 1 }, (_, length) => length)
      const fitting = lengths.filter((length) => oracle(pattern.slice(0, length), text))
      const expected = fitting.some((length) => length < pattern.length || pattern.endsWith('*'))
      expect(matchesBeginning(text, pattern)).toBe(expected)
    })
    fc.assert(property, { numRuns: 2_000 })
  })
})

describe('policies that are built to be slow', () => {
  const agent = 'a'.repeat(256)
  const policies = 9
  const values = 76

  /** Of about 15.8 KB. */
  const slowPolicy = (valueOf: (index: number) => string): Policy =>
    parsePolicy(
      JSON.stringify({
        Statement: {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringLike: { 'aws:UserAgent': Array.from({ length: values }, (_, index) => valueOf(index)) } },
        },
      }),
    )

  /** The steps that patterns take over a user agent while the policies are evaluated. */
  function countSteps(all: readonly Policy[]): number {
    let steps = 0
    const { whereIs, reached } = indexText(agent)
    const counted = (code: number) => {
      steps += 1
      return whereIs(code)
    }
    const fact: Fact = createFact(agent, () => ({ whereIs: counted, reached }))
    const asked = { action: createFact('chime:getuser'), resource: createFact('*'), factOf: () => fact }
    for (const { speaksOf } of all.flat()) expect(speaksOf(asked)).toBe(false)
    return steps
  }

  test('take no more steps than their patterns have characters', () => {
    const patternOf = (policy: number, index: number) => `*${'a'.repeat(196)}b${policy}X${index}`
    const all = Array.from({ length: policies }, (_, policy) => slowPolicy((index) => patternOf(policy, index)))
    const steps = countSteps(all)
    expect(steps).toBeGreaterThan(0)
    expect(steps).toBeLessThanOrEqual(policies * values * patternOf(0, 10).length)
  })

  test('take them once for equal patterns', () => {
    const pattern = `*${'a'.repeat(200)}bX`
    const steps = countSteps(Array.from({ length: policies }, () => slowPolicy(() => pattern)))
    expect(steps).toBeLessThanOrEqual(pattern.length)
  })

  test.each(['?', 'a', 'a*', '?*'])('take no more with pieces of many %s', (piece) => {
    const pattern = `*${piece.repeat(200 / piece.length)}b`
    expect(countSteps([slowPolicy((index) => `${pattern}${index}`)])).toBeLessThanOrEqual(values * (pattern.length + 2))
  })

  test.each(['IpAddress', 'DateLessThan', 'StringEqualsIgnoreCase', 'ArnLike'])(
    'read the value of a request once for all of %s',
    (operator) => {
      const given =
        { IpAddress: '192.0.2.7', DateLessThan: '2001-01-01', ArnLike: 'arn:aws:iam::1:user/x' }[operator] ?? 'x'
      const all = Array.from({ length: policies }, () =>
        parsePolicy(
          JSON.stringify({
            Statement: {
              Effect: 'Deny',
              Action: '*',
              Resource: '*',
              Condition: { [operator]: { 'aws:UserAgent': Array<string>(values).fill(given) } },
            },
          }),
        ),
      )
      const plain = createFact('198.51.100.1')
      const reads = new Set<unknown>()
      const as: Fact['as'] = (read) => (reads.add(read), plain.as(read))
      const asked = { action: createFact('chime:getuser'), resource: createFact('*'), factOf: () => ({ ...plain, as }) }
      for (const { speaksOf } of all.flat()) speaksOf(asked)
      expect(reads.size).toBe(1)
    },
  )

  test('a value of a request is read once', () => {
    let reads = 0
    const fact = createFact('x')
    const read = (text: string) => `${text}${(reads += 1)}`
    expect([fact.as(read), fact.as(read), reads]).toEqual(['x1', 'x1', 1])
  })
})
