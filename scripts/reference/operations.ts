import type { Contract, Operation } from '../../src/contract/operation.ts'
import { isOptional, isSensitive } from '../../src/contract/shapes.ts'
import { actionOf, belfryContracts, chimeContracts } from '../../src/domains/contracts.ts'
import { handlers as built } from '../../src/domains/handlers.ts'

export function operations(): string {
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
    `\`${address(operation)}\` → ${operation.status} · \`${actionOf(name)}\`${Object.hasOwn(built, name) ? '' : ' · **not built yet**'}`,
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
