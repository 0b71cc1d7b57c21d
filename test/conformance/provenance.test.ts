/** Every rule has a source and is listed in docs/compatibility.md. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everywhere } from '../../src/contract/everywhere.ts'
import { type Rule, sources } from '../../src/contract/provenance.ts'
import { chimeContracts as contracts } from '../../src/domains/contracts.ts'

const names = Object.keys(contracts) as (keyof typeof contracts)[]
const page = readFileSync(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8').split('\n')

describe.each(names)('%s', (name) => {
  const { rules } = contracts[name]

  test('has rules, each of which is a sentence with a source', () => {
    expect(rules.length).toBeGreaterThan(0)
    for (const rule of rules) expectSentence(rule)
    expect(new Set(rules.map(({ text }) => text)).size).toBe(rules.length)
  })

  test('has one row in the table, with all its rules', () => {
    const rows = page.filter((line) => line.startsWith(`| [${name}](`))
    expect(rows).toHaveLength(1)
    for (const { text } of rules) expect(rows[0]).toContain(text)
  })
})

test.each(Object.entries(everywhere))('every rule under the heading "%s" is a sentence with a source', (_, rules) => {
  expect(rules.length).toBeGreaterThan(0)
  for (const rule of rules) expectSentence(rule)
})

function expectSentence({ source, text }: Rule) {
  expect(sources).toContain(source)
  expect(text).toMatch(/^[A-Z0-9`].{10,198}\.$/)
}
