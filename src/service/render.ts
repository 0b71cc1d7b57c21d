/** From what an operation returns, or throws, to the bytes of an answer. */
import { z } from 'zod'
import { ServiceError, serviceFailure } from '../contract/errors.ts'
import type { Operation } from '../contract/operation.ts'
import { type Shape, bare } from '../contract/shapes.ts'

export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  /** JSON; empty where the status allows no body. */
  body: string
}

/** Compact JSON, members in alphabetical order, every modelled one present: as the original answered. */
export function renderOutput({ status, output }: Operation, value: unknown): HttpAnswer {
  return { status, headers: {}, body: status === 204 ? '' : JSON.stringify(project(output, value)) }
}

function project(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (shape instanceof z.ZodObject) return projectMembers(shape.shape, value as Record<string, unknown>)
  if (shape instanceof z.ZodArray)
    return (value as unknown[]).map((item) => project(bare(shape.element as Shape), item))
  return value
}

function projectMembers(members: Record<string, Shape>, value: Record<string, unknown>) {
  const names = Object.keys(members).toSorted()
  return Object.fromEntries(names.map((name) => [name, project(bare(members[name] as Shape), value[name])]))
}

/** Anything that is not a `ServiceError` is a fault of ours and is told as nothing more than that. */
export function renderError(thrown: unknown): HttpAnswer {
  const error = thrown instanceof ServiceError ? thrown : serviceFailure()
  const { name, status, code, message, retryAfter } = error
  const body = code === undefined ? { message } : { Code: code, Message: message }
  const headers = { 'x-amzn-ErrorType': name, ...(retryAfter && { 'Retry-After': String(retryAfter) }) }
  return { status, headers, body: JSON.stringify(body) }
}
