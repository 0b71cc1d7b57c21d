/** Generates a valid input for any operation from its contract. */
import { z } from 'zod'
import type { Operation } from '../../src/contract/operation.ts'
import { type Shape, bare } from '../../src/contract/shapes.ts'
import type { RawRequest } from './raw.ts'

/** Every pattern of the contracts matches one of these texts. Texts with special characters come first. */
const texts = [
  'a b/c+d=é%2F?&#',
  '+12065550100',
  'someone+else@example.com',
  '3f8a1c52-9d60-4e7b-8a1f-0c2d4e6f8a1b',
  'token/ABC+',
  'token-1',
  'Name 1',
  'US',
  '833',
  'example.com',
]

export const sampleInput = ({ input }: Operation): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input.shape).map(([name, shape]) => [name, sample(shape)]))

/** The unsigned request for such an input, with some members replaced. */
export function sampleRequest(operation: Operation, replaced: Record<string, unknown> = {}): RawRequest {
  const { method, segments, queryLiterals, queryMembers, bodyMembers } = operation.binding
  const input = { ...sampleInput(operation), ...replaced }
  const encode = (member: string) => encodeURIComponent(String(input[member]))
  const path = segments.map((segment) => (typeof segment === 'string' ? segment : encode(segment.label))).join('/')
  const literals = Object.entries(queryLiterals).map(([name, value]) => `${name}=${value}`)
  const given = Object.entries(queryMembers).filter(([, member]) => input[member] !== undefined)
  const parameters = given.map(([name, member]) => `${name}=${encode(member)}`)
  const query = [...literals, ...parameters].join('&')
  const members = Object.fromEntries(bodyMembers.map((name) => [name, input[name]]))
  const body = bodyMembers.length > 0 ? { body: JSON.stringify(members) } : {}
  return { method, path: `/${path}${query && `?${query}`}`, ...body }
}

function sample(shape: Shape): unknown {
  const found = bare(shape)
  if (found instanceof z.ZodObject)
    return Object.fromEntries(Object.entries(found.shape).map(([name, member]) => [name, sample(member as Shape)]))
  if (found instanceof z.ZodArray) return [sample(found.element as Shape), sample(found.element as Shape)]
  const candidates: unknown[] = [...texts, true, 7, ...(found instanceof z.ZodEnum ? found.options : [])]
  return candidates.find((candidate) => found.safeParse(candidate).success)
}
