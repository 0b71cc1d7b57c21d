/** The language contracts are written in: what an operation is called by, takes, gives and may refuse. */
import type { z } from 'zod'
import type { ModelledErrorName } from './errors.ts'
import type { Rule } from './provenance.ts'
import { type Members, type Shape, structure } from './shapes.ts'

/** How an operation is addressed. Literals in the query tell siblings on one path apart. */
export interface HttpBinding {
  method: string
  /** Path segments: a text stands for itself, `{ label }` for the input member that fills it. */
  segments: readonly (string | { readonly label: string })[]
  queryLiterals: Readonly<Record<string, string>>
  /** Query parameter to input member. */
  queryMembers: Readonly<Record<string, string>>
  /** The input members that neither path nor query carries. */
  bodyMembers: readonly string[]
}

export interface Operation<Input extends Members = Members, Output extends Members = Members> {
  binding: HttpBinding
  /** What the operation does beyond its shapes, each with its source; empty for Belfry's own. */
  rules: readonly Rule[]
  status: number
  input: z.ZodObject<Input>
  output: z.ZodObject<Output>
  errors: readonly ModelledErrorName[]
  /** What policies name as the resource, after `arn:aws:chime:<region>:<account>:`; most operations know only `*`. */
  resource?: string
  /** True where a call can change state; such calls are journalled. */
  writes: boolean
}

export type Contract = Readonly<Record<string, Operation>>

/** What an operation receives: its members as sent, parsed. */
export type InputOf<O> = O extends Operation<infer Input> ? z.output<z.ZodObject<Input>> : never
/** What an operation returns: every modelled member, `null` where there is nothing to show. */
export type OutputOf<O> = O extends Operation<Members, infer Output> ? Answered<z.output<z.ZodObject<Output>>> : never

/** The value of one shape as an operation answers it. */
export type Answer<S extends Shape> = Answered<z.output<S>>
type Answered<T> = T extends readonly (infer Item)[]
  ? readonly Answered<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Answered<Exclude<T[Key], undefined>> | null }
    : T

interface Description<Input extends Members, Output extends Members> {
  /** `METHOD /path/{Member}?literal=value&parameter={Member}` */
  http: string
  /** Of the successful answer; 200 unless told. */
  status?: 201 | 204
  /** `type/{Member}`, where policies can name the resource. */
  resource?: string
  input: Input
  output: Output
  errors: readonly ModelledErrorName[]
  rules?: readonly Rule[]
}

export function operation<const Input extends Members, const Output extends Members>(
  description: Description<Input, Output>,
): Operation<Input, Output> {
  const binding = readBinding(description.http, Object.keys(description.input))
  return {
    binding,
    rules: description.rules ?? [],
    status: description.status ?? 200,
    input: structure(description.input),
    output: structure(description.output),
    errors: description.errors,
    ...(description.resource !== undefined && { resource: description.resource }),
    writes: binding.method !== 'GET',
  }
}

function readBinding(http: string, members: string[]): HttpBinding {
  const [, method = '', path = '', query = ''] = /^([A-Z]+) \/([^?]*)\??(.*)$/.exec(http) ?? []
  const segments = path.split('/').map((segment) => {
    const label = memberIn(segment)
    return label ? { label } : segment
  })
  const parameters = query === '' ? [] : query.split('&').map(readParameter)
  const queryMembers = Object.fromEntries(parameters.flatMap(({ name, member }) => (member ? [[name, member]] : [])))
  const bound = new Set([...segments.map((segment) => memberOf(segment)), ...Object.values(queryMembers)])
  return {
    method,
    segments,
    queryLiterals: Object.fromEntries(parameters.flatMap(({ name, member, value }) => (member ? [] : [[name, value]]))),
    queryMembers,
    bodyMembers: members.filter((member) => !bound.has(member)),
  }
}

function readParameter(parameter: string) {
  const [name = '', value = ''] = parameter.split('=')
  return { name, value, member: memberIn(value) }
}

const memberIn = (template: string) => /^\{(\w+)\}$/.exec(template)?.[1]
const memberOf = (segment: string | { label: string }) => (typeof segment === 'string' ? undefined : segment.label)
