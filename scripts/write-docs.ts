/** Writes what the documentation takes from the code; with `--check` it only says whether that is fresh. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compatibility } from './compatibility.ts'
import { settings } from '../src/config.ts'
import { codeOf, errorNames, statusOf } from '../src/contract/errors.ts'
import type { Contract, Operation } from '../src/contract/operation.ts'
import { isOptional, isSensitive } from '../src/contract/shapes.ts'
import { actionOf, belfryContracts, chimeContracts } from '../src/domains/contracts.ts'
import { commandLine } from './command-line.ts'

const documents: Record<string, string> = {
  'docs/compatibility.md': compatibility(),
  'docs/configuration.md': configuration(),
  'docs/reference/command-line.md': commandLine(),
  'docs/reference/operations.md': operations(),
  'docs/reference/errors.md': errors(),
}

const root = join(import.meta.dirname, '..')
for (const [name, text] of Object.entries(documents)) {
  const file = join(root, name)
  if (!process.argv.includes('--check')) write(file, text)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) fail(`${name} is stale: run npm run docs`)
}

function configuration(): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const value = 'default' in setting ? `\`${setting.default}\`` : ''
    return `| \`BELFRY_${name}\` | ${value} | ${setting.meaning} |`
  })
  return `<!-- Written from src/config.ts by npm run docs. -->

# Settings

Each is an environment variable, or a flag of \`belfry serve\` (\`--order-delay-ms\` for \`BELFRY_ORDER_DELAY_MS\`), which wins.
What is or may hold a secret (\`BELFRY_ROOT_SECRET_ACCESS_KEY\`, \`BELFRY_SEALING_KEY\`, \`BELFRY_SMTP_URL\`) is taken from the environment alone.
A name that is not in this table is refused at start.

| setting | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}

function operations(): string {
  return `<!-- Written from src/domains/*/contract.ts by npm run docs. -->

# Operations

The same, for programs: \`/openapi.json\` of a running server. A member marked \`!\` is required, one marked \`*\` is sensitive.

## Amazon Chime, 2018-05-01

${section(chimeContracts)}

## Belfry

${section(belfryContracts)}
`
}

function section(contracts: Contract): string {
  const entries = Object.entries(contracts).map(([name, operation]) => entry(name, operation))
  return entries.join('\n\n')
}

function entry(name: string, operation: Operation): string {
  const lines = [
    `### ${name}`,
    `\`${address(operation)}\` → ${operation.status} · \`${actionOf(name)}\``,
    `- takes: ${members(operation.input.shape) || 'nothing'}`,
    `- gives: ${Object.keys(operation.output.shape).join(', ') || (operation.status === 204 ? 'nothing' : '`{}`')}`,
    `- may refuse with: ${operation.errors.map((error) => error.replace('Exception', '')).join(', ')}`,
  ]
  return lines.join('\n\n').replaceAll('\n\n- ', '\n- ').replace('\n- takes', '\n\n- takes')
}

function address({ binding }: Operation): string {
  const path = binding.segments.map((segment) => (typeof segment === 'string' ? segment : `{${segment.label}}`))
  const literals = Object.entries(binding.queryLiterals).map(([name, value]) => `${name}=${value}`)
  const parameters = Object.entries(binding.queryMembers).map(([name, member]) => `${name}={${member}}`)
  const query = [...literals, ...parameters].join('&')
  return `${binding.method} /${path.join('/')}${query && `?${query}`}`
}

function members(shape: Operation['input']['shape']): string {
  const names = Object.entries(shape).map(
    ([name, member]) => `${name}${isOptional(member) ? '' : '!'}${isSensitive(member) ? '\\*' : ''}`,
  )
  return names.join(', ')
}

function errors(): string {
  const rows = errorNames.map((name) => `| ${name} | ${statusOf(name)} | ${codeOf(name) ?? ''} |`)
  return `<!-- Written from src/contract/errors.ts by npm run docs. -->

# Errors

The name is in the header \`x-amzn-ErrorType\`. Where there is a code, the body is \`{"Code":"…","Message":"…"}\`; the others are those that AWS's front
end writes, with the body \`{"message":"…"}\`. Requests that were throttled or came too early carry \`Retry-After\`.

| error | status | \`Code\` |
| --- | --- | --- |
${rows.join('\n')}
`
}

function write(file: string, text: string) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function fail(message: string) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
