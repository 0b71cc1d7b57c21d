/** Writes the generated pages of the documentation. With `--check` it only reports whether they are up to date. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandLine } from './reference/command-line.ts'
import { compatibility } from './reference/compatibility.ts'
import { errors } from './reference/errors.ts'
import { metrics } from './reference/metrics.ts'
import { operations } from './reference/operations.ts'
import { settings } from './reference/settings.ts'

/** Each page with the function that returns its text. */
const pages: Readonly<Record<string, () => string>> = {
  'docs/compatibility.md': compatibility,
  'docs/reference/command-line.md': commandLine,
  'docs/reference/errors.md': errors,
  'docs/reference/metrics.md': metrics,
  'docs/reference/operations.md': operations,
  'docs/reference/settings.md': settings,
}

const root = join(import.meta.dirname, '..')
for (const [name, page] of Object.entries(pages)) {
  const [file, text] = [join(root, name), page()]
  if (!process.argv.includes('--check')) write(file, text)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) fail(`${name} is stale: run npm run docs`)
}

function write(file: string, text: string) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function fail(message: string) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
