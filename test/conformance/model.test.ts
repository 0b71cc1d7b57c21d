/** Compares every contract with the model in the official SDK: addresses, statuses, members and errors. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ModelledErrorName, ServiceError } from '../../src/contract/errors.ts'
import type { HttpBinding, Operation } from '../../src/contract/operation.ts'
import * as shapes from '../../src/contract/shapes.ts'
import { type Shape, bare, isOptional, isSensitive } from '../../src/contract/shapes.ts'
import { chimeContracts as contracts } from '../../src/domains/contracts.ts'

/** The SDK's schemas, by position: `[kind, namespace, name, traits, …]`. */
type Schema = readonly unknown[]
const schemas = sdk as unknown as Record<string, Schema>
type OperationSchema = [
  kind: 9,
  namespace: string,
  name: string,
  traits: { http: [string, string, number] },
  unknown,
  unknown,
]
type StructureSchema = [
  kind: 3,
  namespace: string,
  name: string,
  traits: unknown,
  members: string[],
  types: unknown[],
  required: number,
]
const kinds = { 0: 'string', 1: 'integer', 2: 'boolean', 5: 'timestamp' } as const
const [operationKind, errorKind, structureKind, listKind] = [9, -3, 3, 1]

const modelled = Object.values(schemas).filter((schema) => Array.isArray(schema) && schema[0] === operationKind)
const names = Object.keys(contracts) as (keyof typeof contracts)[]

test('the contracts cover exactly the 62 published operations', () => {
  expect(names.toSorted()).toEqual(modelled.map((schema) => schema[2]).toSorted())
  expect(names).toHaveLength(62)
})

describe.each(names)('%s', (name) => {
  const operation: Operation = contracts[name]
  const [, , , { http }, input, output] = schemas[`${name}$`] as unknown as OperationSchema

  test('has the published method, path and status', () => {
    const [method, uri, status] = http
    expect([operation.binding.method, operation.status]).toEqual([method, status])
    expect(address(operation.binding)).toBe(uri)
  })

  test('has the published input members, with the same requiredness and location', () => {
    expect(describeMembers(operation.input.shape, true)).toEqual(readStructure(input, true))
    expect(operation.binding.queryMembers).toEqual(readQueryMembers(input))
  })

  test('has the published output members', () => {
    expect(describeMembers(operation.output.shape, false)).toEqual(readStructure(output, false))
  })

  test('lists the published errors', () => {
    expect(operation.errors.toSorted()).toEqual(readErrors(name))
  })
})

const enums = Object.entries(shapes).flatMap(([name, shape]) => (shape instanceof z.ZodEnum ? [{ name, shape }] : []))

test.each(enums)('$name has its published values', ({ name, shape }) => {
  const published = schemas[name] as unknown as Record<string, string>
  expect(shape.options.toSorted()).toEqual(Object.values(published).toSorted())
})

const errorSchemas = Object.values(schemas).filter(
  (schema) => Array.isArray(schema) && schema[0] === errorKind && schema[2] !== 'ChimeServiceException',
)

test.each(errorSchemas.map((schema) => schema[2] as ModelledErrorName))('%s has its published status', (name) => {
  const [, , , traits, members] = schemas[`${name}$`] as unknown as [0, 0, 0, { httpError: number }, string[]]
  const error = new ServiceError(name, '')
  expect(error.status).toBe(traits.httpError)
  expect(members.toSorted()).toEqual(['Code', 'Message'])
  expect(Object.values(sdk.ErrorCode)).toContain(error.code)
})

/** Read from the SDK's type declarations, because its schemas do not say which operation has which errors. */
function readErrors(name: string) {
  const file = join(
    import.meta.dirname,
    `../../node_modules/@aws-sdk/client-chime/dist-types/commands/${name}Command.d.ts`,
  )
  const thrown = [...readFileSync(file, 'utf8').matchAll(/@throws \{@link (\w+)\}/g)].map(([, error]) => error)
  return thrown.filter((error) => error !== 'ChimeServiceException').toSorted()
}

const address = ({ segments, queryLiterals }: HttpBinding) => {
  const path = segments.map((segment) => (typeof segment === 'string' ? segment : `{${segment.label}}`)).join('/')
  const query = Object.entries(queryLiterals).map(([name, value]) => `${name}=${value}`)
  return `/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
}

/** A member in short: its name, `!` if it is required, its kind, and `*` if it is sensitive. */
type Described = string | Described[] | { [name: string]: Described }

function describeMembers(members: Record<string, Shape>, markRequired: boolean): Described {
  return Object.fromEntries(
    Object.entries(members).map(([name, shape]) => [
      markRequired && !isOptional(shape) ? `${name}!` : name,
      describeShape(shape),
    ]),
  )
}

function describeShape(shape: Shape): Described {
  const found = bare(shape)
  if (found instanceof z.ZodObject) return describeMembers(found.shape, false)
  if (found instanceof z.ZodArray) return [describeShape(found.element as Shape)]
  const kind = kindOf(found)
  return isSensitive(found) ? `${kind}*` : kind
}

function kindOf(shape: Shape) {
  if (shape instanceof z.ZodNumber) return 'integer'
  if (shape instanceof z.ZodBoolean) return 'boolean'
  return shape instanceof z.ZodISODateTime ? 'timestamp' : 'string'
}

const resolve = (schema: unknown): unknown =>
  typeof schema === 'function' ? resolve((schema as () => unknown)()) : schema

function readStructure(schema: unknown, input: boolean): Described {
  const found = resolve(schema) as Schema
  if (found === undefined || found[2] === 'Unit') return {}
  const [, , , , members = [], types = [], required = 0] = found as unknown as Partial<StructureSchema>
  return Object.fromEntries(
    members.map((name, index) => [input && index < required ? `${name}!` : name, readShape(types[index])]),
  )
}

function readShape(schema: unknown): Described {
  const found = resolve(schema)
  if (typeof found === 'number') return readKind(found)
  const [first] = found as Schema
  if (first === structureKind) return readStructure(found, false)
  if (first === listKind && (found as Schema).length > 4) return [readShape((found as Schema)[4])]
  if (first === 0 && (found as Schema).length > 4) return isSensitiveTrait(found as Schema) ? 'string*' : 'string'
  return readShape(first)
}

/** A kind of 64 or more is a list of the kind minus 64. */
const readKind = (kind: number): Described =>
  kind >= 64 ? [readKind(kind - 64)] : (kinds[kind as 0] ?? `kind ${kind}`)

/** The trait bit 8 marks what must not be logged. */
const isSensitiveTrait = (schema: Schema) => schema[3] === 8

function readQueryMembers(schema: unknown) {
  const [, , , , members = [], types = []] = (resolve(schema) ?? []) as unknown as Partial<StructureSchema>
  return Object.fromEntries(
    members.flatMap((name, index) => {
      const traits = (types[index] as [unknown, { httpQuery?: string }] | undefined)?.[1]
      return traits?.httpQuery === undefined ? [] : [[traits.httpQuery, name]]
    }),
  )
}
