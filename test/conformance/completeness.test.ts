/** Every contract has a handler and tests. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contracts } from '../../src/domains/contracts.ts'
import { handlers } from '../../src/domains/handlers.ts'

const names = Object.keys(contracts)

test('every contract has a handler', () => {
  const missing = names.filter((name) => !Object.hasOwn(handlers, name))
  expect(missing).toEqual([])
})

test('every handler has a contract', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(handlers)))
})

test.each(names)('%s is named in the title of a test', (name) => {
  expect(wordsOfTitles).toContain(name)
})

const domains = join(import.meta.dirname, '../../src/domains')
const title = /\b(?:describe|test)(?:\.each\([^]*?\))?\(\s*(?<quote>['"`])(?<title>[^]*?)\k<quote>/g
const titles = globSync('**/*.test.ts', { cwd: domains }).flatMap((file) =>
  [...readFileSync(join(domains, file), 'utf8').matchAll(title)].map(({ groups }) => groups?.['title'] ?? ''),
)
const wordsOfTitles = titles.flatMap((text) => text.match(/\w+/g) ?? [])
