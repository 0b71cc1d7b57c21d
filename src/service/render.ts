/** Turns the output of an operation, or what it throws, into an answer. */
import { z } from 'zod'
import { ServiceError, serviceFailure } from '../contract/errors.ts'
import type { Operation } from '../contract/operation.ts'
import { type Shape, bare, oncePerShape } from '../contract/shapes.ts'
import { printable } from '../primitives/printable.ts'
import type { HttpAnswer } from '../wire/answer.ts'

/** Compact JSON with every modelled member, in alphabetical order, as the original answered. */
export function renderOutput({ status, output }: Operation, value: unknown): HttpAnswer {
  return { status, headers: {}, body: status === 204 ? '' : JSON.stringify(projectionFor(output)(value)) }
}

/** Brings a value into the form of an answer. */
type Projection = (value: unknown) => unknown

const projectionFor = oncePerShape((shape) => orNull(projectionOf(shape)))

const orNull =
  (projection: Projection): Projection =>
  (value) =>
    value === undefined || value === null ? null : projection(value)

function projectionOf(shape: Shape): Projection {
  if (shape instanceof z.ZodObject) return ofMembers(shape.shape)
  if (!(shape instanceof z.ZodArray)) return (value) => value
  const ofItem = orNull(projectionOf(bare(shape.element as Shape)))
  return (value) => (value as unknown[]).map(ofItem)
}

function ofMembers(shapes: Readonly<Record<string, Shape>>): Projection {
  const names = Object.keys(shapes).toSorted()
  const members = names.map((name) => [name, orNull(projectionOf(bare(shapes[name] as Shape)))] as const)
  return (value) => {
    const answer: Record<string, unknown> = {}
    for (const [name, projection] of members) answer[name] = projection((value as Record<string, unknown>)[name])
    return answer
  }
}

/** Anything but a `ServiceError` is an internal fault, and its details stay inside. */
export function renderError(thrown: unknown): HttpAnswer {
  const error = thrown instanceof ServiceError ? thrown : serviceFailure()
  const { name, status, code, message, retryAfter } = error
  const body = code === undefined ? { message } : { Code: code, Message: message }
  const headers = {
    'x-amzn-ErrorType': name,
    'x-amzn-ErrorMessage': headline(message),
    ...(retryAfter && { 'Retry-After': String(retryAfter) }),
  }
  return { status, headers, body: JSON.stringify(body) }
}

const headlineAtMost = 500

/** For clients that read the message only from the header. What follows the first line may repeat other headers. */
const headline = (message: string) => printable(message.split(/[\r\n]/, 1)[0] ?? '', headlineAtMost)
