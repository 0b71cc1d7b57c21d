/** Turns a request into the input of an operation, each member checked against the contract. */
import { z } from 'zod'
import { ServiceError, badRequest } from '../contract/errors.ts'
import type { InputOf, Operation } from '../contract/operation.ts'
import { type Shape, bare } from '../contract/shapes.ts'
import { printable } from '../primitives/printable.ts'
import { type RawRequest, headerValues, parseQuery, splitTarget } from '../wire/request.ts'
import type { Query } from './route.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function readAddress({ method, target }: RawRequest): { method: string; path: string; query: Query } {
  const [path, query] = splitTarget(target)
  const values = new Map<string, string[]>()
  for (const pair of parseQuery(query)) {
    const [name, value] = pair.map(readText) as [string, string]
    const found = values.get(name)
    if (found) found.push(value)
    else values.set(name, [value])
  }
  return { method, path, query: values }
}

/** Throws `BadRequestException` for a parameter that was sent twice, for it is not clear which value would count. */
export function assertSentOnce(query: Query): void {
  for (const [name, values] of query)
    if (values.length > 1) throw badRequest(`Query parameter '${printable(name)}' was sent more than once`)
}

function readText(latin1: string): string {
  try {
    return utf8.decode(Buffer.from(latin1, 'latin1'))
  } catch {
    throw badRequest('The query of the request is not valid UTF-8')
  }
}

export type Document = Readonly<Record<string, unknown>>

/** The body as a JSON object; an absent one is `{}`. Operations without body members ignore it. */
export function readDocument(request: RawRequest, { binding }: Operation): Document {
  if (request.body.length === 0 || binding.bodyMembers.length === 0) return {}
  assertOnePart(request)
  return parseDocument(request.body)
}

/** Throws `BadRequestException`. */
export function parseDocument(body: Uint8Array): Document {
  const document = parseJson(body)
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw badRequest('The body of the request must be a JSON object')
  return document as Document
}

/** Clients name what their HTTP library puts in, or `application/x-amz-json-1.1`; the signature vouches for the body. */
function assertOnePart(request: RawRequest) {
  if (headerValues(request, 'content-type').some((type) => /^\s*multipart\//i.test(type)))
    throw new ServiceError(
      'UnsupportedMediaTypeException',
      'The body of the request must be a JSON object, not multipart',
    )
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body))
  } catch {
    throw badRequest('The body of the request is not valid JSON in UTF-8')
  }
}

/** Throws `BadRequestException` that names every broken constraint, and no value. */
export function parseInput<O extends Operation>(
  operation: O,
  labels: Document,
  query: Query,
  document: Document,
): InputOf<O> {
  const { queryMembers, bodyMembers } = operation.binding
  const shapes = operation.input.shape
  const fromQuery = Object.entries(queryMembers).map(([name, member]) => [
    member,
    readParameter(name, query, shapes[member]),
  ])
  const fromBody = bodyMembers.map((name) => [name, Object.hasOwn(document, name) ? document[name] : undefined])
  const result = operation.input.safeParse({ ...Object.fromEntries([...fromBody, ...fromQuery]), ...labels })
  if (!result.success) throw badRequest(describe(result.error))
  return result.data as InputOf<O>
}

function readParameter(name: string, query: Query, shape: Shape | undefined): string | number | undefined {
  const value = query.get(name)?.[0]
  const isNumber = value !== undefined && shape !== undefined && bare(shape) instanceof z.ZodNumber
  return isNumber && /^-?(?:0|[1-9]\d{0,9})$/.test(value) ? Number(value) : value
}

const mentionedAtMost = 20

function describe({ issues }: z.ZodError): string {
  const count = issues.length
  const sentences = issues
    .slice(0, mentionedAtMost)
    .map(({ path, message }) => `Value at '${describePath(path)}' failed to satisfy constraint: ${message}`)
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${sentences.join('; ')}`
}

const describePath = (path: readonly PropertyKey[]) =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .slice(1)
