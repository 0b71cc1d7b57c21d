/** A request serialised by the official SDK is routed to the same operation and parsed to the same input. */
import * as sdk from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../src/contract/operation.ts'
import { chimeContracts as contracts } from '../../src/domains/contracts.ts'
import { parseInput, readAddress, readDocument } from '../../src/service/parse.ts'
import { createRouter } from '../../src/service/route.ts'
import { sampleInput } from '../support/samples.ts'

const names = Object.keys(contracts) as (keyof typeof contracts)[]
const route = createRouter(contracts)

describe.each(['', '/console'])('with the path prefix %j', (prefix) => {
  test.each(names)('a request of %s arrives as it was sent', async (name) => {
    const operation: Operation = contracts[name]
    const input = sampleInput(operation)
    const request = await serialise(name, input, prefix)
    const address = readAddress(request)
    const found = route(address)
    expect(found.name).toBe(name)
    const document = readDocument(request, operation)
    expect(parseInput(operation, found.labels, address.query, document)).toEqual(input)
  })
})

describe('the router finds no operation for', () => {
  const shared = names.map((name) => contracts[name].binding).filter(({ method }) => method === 'POST')
  test.each([...new Set(shared.map(({ segments }) => path(segments)))])('POST %s?operation=typo', (at) => {
    const address = (query: string) =>
      readAddress({ method: 'POST', target: `${at}?${query}`, headers: {}, body: empty })
    for (const query of ['operation=typo', 'operation=', 'operation', 'operation=logout&operation=typo'])
      expect(() => route(address(query)), query).toThrow('Unknown operation')
  })

  test.each([
    'GET /',
    'GET /nowhere',
    'POST /phone-numbers',
    'GET /search',
    'GET /search?type=x',
    'GET /consoleaccounts',
    'PATCH /accounts',
    'GET /accounts/a/users/b/c',
    'GET //accounts',
  ])('%s', (text) => {
    const [method = '', target = ''] = text.split(' ')
    expect(() => route(readAddress({ method, target, headers: {}, body: empty }))).toThrow('Unknown operation')
  })
})

const empty = new Uint8Array()
const path = (segments: readonly (string | { label: string })[]) =>
  `/${segments.map((segment) => (typeof segment === 'string' ? segment : 'x')).join('/')}`

interface Serialised {
  method: string
  path: string
  query: Record<string, string | string[]>
  headers: Record<string, string>
  body?: string | Uint8Array
}

/** Returns the request that the SDK would have sent. */
async function serialise(name: keyof typeof contracts, input: object, prefix: string) {
  let sent: Serialised | undefined
  const client = new sdk.ChimeClient({
    endpoint: `http://127.0.0.1:1${prefix}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: unknown) => {
        sent = request as Serialised
        throw new Error('not sent')
      },
    } as never,
  })
  const Command = sdk[`${name}Command`] as unknown as new (input: object) => sdk.GetAccountCommand
  await client.send(new Command(input)).catch(() => {})
  if (!sent) throw new Error(`${name} was not serialised`)
  const query = Object.entries(sent.query).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
  return {
    method: sent.method,
    target: query.length > 0 ? `${sent.path}?${query.join('&')}` : sent.path,
    headers: Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, [value]])),
    body: typeof sent.body === 'string' ? Buffer.from(sent.body) : Buffer.concat(sent.body ? [sent.body] : []),
  }
}
