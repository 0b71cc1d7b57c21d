/** The contracts as an OpenAPI 3.1 document. */
import { z } from 'zod'
import { type ModelledErrorName, statusOf } from './errors.ts'
import type { Contract, Operation } from './operation.ts'
import { type Shape, bare, constraintsOf, isOptional, isSensitive } from './shapes.ts'

interface Info {
  title: string
  version: string
  description: string
}

/** @param actionOf returns the IAM action of an operation */
export function openApi(info: Info, contracts: Contract, actionOf: (name: string) => string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, operation] of Object.entries(contracts)) {
    const path = pathOf(operation)
    paths[path] = {
      ...paths[path],
      [operation.binding.method.toLowerCase()]: describe(name, operation, actionOf(name)),
    }
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [{ sigv4: [] }],
    paths,
    components: { schemas: { Error: errorSchema }, securitySchemes: { sigv4: signature } },
  }
}

/** OpenAPI identifies operations by path and method only, so distinguishing query parameters are put in a fragment. */
function pathOf({ binding }: Operation): string {
  const path = binding.segments
    .map((segment) => (typeof segment === 'string' ? segment : `{${segment.label}}`))
    .join('/')
  const literals = Object.entries(binding.queryLiterals).map(([name, value]) => `${name}=${value}`)
  return literals.length > 0 ? `/${path}#${literals.join('&')}` : `/${path}`
}

const signature = {
  type: 'apiKey',
  in: 'header',
  name: 'Authorization',
  description: 'AWS Signature Version 4, service `chime`',
  'x-amazon-apigateway-authtype': 'awsSigv4',
}

const errorSchema = {
  type: 'object',
  properties: { Code: { type: 'string' }, Message: { type: 'string' } },
  required: ['Code', 'Message'],
}

function describe(name: string, operation: Operation, action: string) {
  const body = requestBody(operation)
  return {
    operationId: name,
    'x-iam-action': action,
    parameters: [...labels(operation), ...literals(operation), ...queryParameters(operation)],
    ...(body && { requestBody: body }),
    responses: { [operation.status]: success(operation), ...failures(operation.errors) },
  }
}

const labels = ({ binding, input }: Operation) =>
  binding.segments.flatMap((segment) => {
    const shape = typeof segment === 'string' ? undefined : input.shape[segment.label]
    if (typeof segment === 'string' || !shape) return []
    return [{ name: segment.label, in: 'path', required: true, schema: schemaOf(shape) }]
  })

const literals = ({ binding }: Operation) =>
  Object.entries(binding.queryLiterals).map(([name, value]) => ({
    name,
    in: 'query',
    required: true,
    schema: { type: 'string', const: value },
  }))

const queryParameters = ({ binding, input }: Operation) =>
  Object.entries(binding.queryMembers).flatMap(([name, member]) => {
    const shape = input.shape[member]
    return shape ? [{ name, in: 'query', required: !isOptional(shape), schema: schemaOf(shape) }] : []
  })

function requestBody({ binding, input }: Operation) {
  if (binding.bodyMembers.length === 0) return undefined
  const members = Object.entries(input.shape).filter(([name]) => binding.bodyMembers.includes(name))
  const schema = objectSchema(Object.fromEntries(members))
  return { required: 'required' in schema, content: { 'application/json': { schema } } }
}

function success({ status, output }: Operation) {
  if (status === 204) return { description: 'Done; there is no body' }
  return { description: 'Done', content: { 'application/json': { schema: answerSchema(output) } } }
}

function failures(errors: readonly ModelledErrorName[]) {
  const byStatus = Map.groupBy(errors, statusOf)
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [status, { description: names.join(', '), content }]),
  )
}

/** The schema of input: members are required unless optional. */
function schemaOf(shape: Shape): object {
  const found = bare(shape)
  if (found instanceof z.ZodObject) return objectSchema(found.shape)
  if (found instanceof z.ZodArray) return { type: 'array', items: schemaOf(found.element as Shape) }
  return scalarSchema(found)
}

function objectSchema(members: Record<string, Shape>) {
  const required = Object.keys(members).filter((name) => !isOptional(members[name] as Shape))
  const properties = Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, schemaOf(shape)]))
  return { type: 'object', properties, ...(required.length > 0 && { required }) }
}

/** The schema of output: every member is present, with `null` for absent values. */
function answerSchema(shape: Shape): object {
  const found = bare(shape)
  if (found instanceof z.ZodArray) return { type: 'array', items: answerSchema(found.element as Shape) }
  if (!(found instanceof z.ZodObject)) return scalarSchema(found)
  const members = Object.entries(found.shape).map(([name, member]) => [name, nullable(answerSchema(member as Shape))])
  return { type: 'object', properties: Object.fromEntries(members), required: Object.keys(found.shape) }
}

const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })

function scalarSchema(shape: Shape): object {
  const mark = isSensitive(shape) ? { 'x-sensitive': true } : {}
  if (shape instanceof z.ZodEnum) return { type: 'string', enum: shape.options, ...mark }
  if (shape instanceof z.ZodNumber)
    return { type: 'integer', minimum: shape.minValue, maximum: shape.maxValue, ...mark }
  if (shape instanceof z.ZodBoolean) return { type: 'boolean', ...mark }
  if (shape instanceof z.ZodISODateTime) return { type: 'string', format: 'date-time', ...mark }
  const { min, max, test } = constraintsOf(shape)
  return {
    type: 'string',
    ...(min !== undefined && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
    ...(test && { pattern: test.source }),
    ...mark,
  }
}
