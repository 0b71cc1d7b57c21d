/** The language of contracts: HTTP binding, input, output and errors of an operation. */
import type { z } from 'zod'
import type { ModelledErrorName } from './errors.ts'
import type { Rule } from './provenance.ts'
import { type Members, type Shape, structure } from './shapes.ts'

/** How an operation is addressed. Query literals distinguish operations with the same path. */
export interface HttpBinding {
  method: string
  /** Path segments: literal text, or `{ label }` for the input member to insert. */
  segments: readonly (string | { readonly label: string })[]
  queryLiterals: Readonly<Record<string, string>>
  /** Maps query parameters to input members. */
  queryMembers: Readonly<Record<string, string>>
  /** The input members that are neither in the path nor in the query. */
  bodyMembers: readonly string[]
}

export interface Operation<Input extends Members = Members, Output extends Members = Members> {
  binding: HttpBinding
  /** The operation's behaviour beyond its shapes, each rule with its source; empty for Belfry's own operations. */
  rules: readonly Rule[]
  status: number
  input: z.ZodObject<Input>
  output: z.ZodObject<Output>
  errors: readonly ModelledErrorName[]
  /** The resource in policies, after `arn:aws:chime:<region>:<account>:`; most operations support only `*`. */
  resource?: string
  /** Whether a call can change state; such calls are journalled. */
  writes: boolean
}

export type Contract = Readonly<Record<string, Operation>>

/** The parsed input of an operation. */
export type InputOf<O> = O extends Operation<infer Input> ? z.output<z.ZodObject<Input>> : never
/** The output of an operation: every modelled member, with `null` for absent values. */
export type OutputOf<O> = O extends Operation<Members, infer Output> ? Answered<z.output<z.ZodObject<Output>>> : never

/** The value of one shape in the output of an operation. */
export type Answer<S extends Shape> = Answered<z.output<S>>
type Answered<T> = T extends readonly (infer Item)[]
  ? readonly Answered<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Answered<Exclude<T[Key], undefined>> | null }
    : T

interface Description<Input extends Members, Output extends Members> {
  /** `METHOD /path/{Member}?literal=value&parameter={Member}` */
  http: string
  /** Status of a successful response; 200 by default. */
  status?: 201 | 204
  /** `type/{Member}`, if policies can name the resource. */
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
