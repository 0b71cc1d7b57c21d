/**
 * Collects the secrets that pass through the servers of this process: credentials, and the members of requests and
 * responses that the contracts mark as sensitive. They are read from the wire, so no test has to register them.
 */
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Operation } from '../../src/contract/operation.ts'
import { type Shape, bare, isSensitive } from '../../src/contract/shapes.ts'
import { contracts } from '../../src/domains/contracts.ts'
import { parseQuery, splitTarget } from '../../src/wire/request.ts'
import { readAddress } from '../../src/service/parse.ts'
import { createRouter } from '../../src/service/route.ts'

const known = new Set<string>()

/** Shorter values occur in any log by chance. */
const shortest = 6

export function noteSecret(...values: readonly unknown[]): void {
  for (const value of values) if (typeof value === 'string' && value.length >= shortest) known.add(value)
}

/** The secrets collected in the tests of this file. */
export const secrets = (): ReadonlySet<string> => known

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as Exchange
  const body: Buffer[] = []
  listenIn(request, (event, chunk) => event === 'data' && body.push(chunk as Buffer))
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse
  response.end = ((...args: unknown[]) => {
    noteExchange(request, Buffer.concat(body).toString(), String(args[0]))
    return end(...args)
  }) as typeof response.end
})

/** Observes events without adding a listener, because a `data` listener would start the stream. */
function listenIn(request: IncomingMessage, hear: (event: unknown, value: unknown) => unknown) {
  const emit = request.emit.bind(request) as (...args: unknown[]) => boolean
  request.emit = ((...args: unknown[]) => {
    hear(args[0], args[1])
    return emit(...args)
  }) as typeof request.emit
}

function noteExchange(request: IncomingMessage, body: string, answer: string) {
  noteCredentials(request)
  const { method = '', url = '' } = request
  // Incoming webhooks have no operation, and parsing their long queries would slow a test that measures time.
  const operation = url.startsWith('/incomingwebhooks/') ? undefined : operationOf(method, url)
  if (!operation) return
  for (const [name, member] of Object.entries(operation.binding.queryMembers))
    noteSensitive(operation.input.shape[member], valueOf(url, name))
  noteSensitive(operation.input, parse(body))
  noteSensitive(operation.output, parse(answer))
}

const route = createRouter(contracts)

function operationOf(method: string, target: string): Operation | undefined {
  try {
    return contracts[route(readAddress({ method, target, headers: {}, body: Buffer.alloc(0) })).name]
  } catch {
    return undefined
  }
}

const valueOf = (target: string, parameter: string) => {
  if (!target.includes(`${parameter}=`)) return undefined
  const [, found] = parseQuery(splitTarget(target)[1]).find(([name]) => name === parameter) ?? []
  return found === undefined ? undefined : Buffer.from(found, 'latin1').toString()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function noteSensitive(shape: Shape | undefined, value: unknown): void {
  if (shape === undefined || value === undefined || value === null) return
  if (isSensitive(shape)) return noteLeaves(value)
  const found = bare(shape)
  if (found instanceof z.ZodArray && Array.isArray(value))
    for (const item of value) noteSensitive(found.element as Shape, item)
  if (found instanceof z.ZodObject && typeof value === 'object')
    for (const [name, member] of Object.entries(value))
      noteSensitive(Object.hasOwn(found.shape, name) ? (found.shape[name] as Shape) : undefined, member)
}

/** Iterative, because the input may be nested deeper than the call stack allows. */
function noteLeaves(value: unknown): void {
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'object' && next !== null) for (const member of Object.values(next)) left.push(member)
    else noteSecret(next)
  }
}

/** Signatures, session tokens, bearer tokens and the tokens of webhooks. */
function noteCredentials({ headers, url = '' }: IncomingMessage) {
  const { authorization = '' } = headers
  noteSecret(/Signature=(\w+)/.exec(authorization)?.[1], /^Bearer (.*)$/.exec(authorization)?.[1])
  noteSecret(headers['x-amz-security-token'])
  for (const parameter of ['X-Amz-Signature', 'X-Amz-Security-Token', 'token']) noteSecret(valueOf(url, parameter))
}
