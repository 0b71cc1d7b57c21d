/** Masks a canonical request for the log: its form stays, and so do values that cannot name people. */
import type { Operation } from '../contract/operation.ts'
import { contracts } from '../domains/contracts.ts'

/** Keeps the method, the hash, the words of the API, and the fields that the protocol requires. */
export function withoutValues(canonicalRequest: string): string {
  const [method = '', path = '', query = '', ...rest] = canonicalRequest.split('\n')
  return [method, maskPath(path), maskQuery(query), ...rest.map(maskHeader)].join('\n')
}

const bindings = Object.values<Operation>(contracts).map(({ binding }) => binding)

/** The fixed parts of paths and queries. */
const words: ReadonlySet<string> = new Set([
  '',
  ...bindings.flatMap(({ segments }) => segments.filter((segment) => typeof segment === 'string')),
  ...bindings.flatMap(({ queryLiterals }) => Object.entries(queryLiterals).flat()),
  ...bindings.flatMap(({ queryMembers }) => Object.keys(queryMembers)),
])

const orMask = (text: string) => (words.has(text) ? text : mask(text))

const maskPath = (path: string) => path.split('/').map(orMask).join('/')

const maskQuery = (query: string) => query.split('&').map(maskPair).join('&')

function maskPair(pair: string): string {
  const [name = '', value] = pair.split('=')
  if (openParameters.has(name)) return pair
  return value === undefined ? orMask(name) : `${orMask(name)}=${orMask(value)}`
}

const openParameters: ReadonlySet<string> = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
])

function maskHeader(line: string): string {
  const at = line.indexOf(':')
  const name = line.slice(0, at)
  return at < 0 || openHeaders.has(name) ? line : `${name}:${mask(line.slice(at + 1))}`
}

const openHeaders: ReadonlySet<string> = new Set([
  'amz-sdk-request',
  'content-length',
  'content-type',
  'date',
  'host',
  'x-amz-content-sha256',
  'x-amz-date',
])

const mask = (text: string) => `***(${text.length})`
