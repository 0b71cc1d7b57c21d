/** The document that the server returns at /openapi.json. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { contracts, describeApis } from '../../src/domains/contracts.ts'

interface Described {
  paths: Record<string, Record<string, { operationId: string; requestBody?: object }>>
}

const document = describeApis() as Described
const described = Object.values(document.paths).flatMap((methods) => Object.values(methods))

test('the document is valid OpenAPI', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>)
  expect(result.errors).toBeUndefined()
  expect(result.valid).toBe(true)
})

test('the document describes every operation once', () => {
  const names = described.map(({ operationId }) => operationId)
  expect(names.toSorted()).toEqual(Object.keys(contracts).toSorted())
})

test('the document distinguishes required from optional members and marks sensitive ones', () => {
  const found = described.find(({ operationId }) => operationId === 'AssociatePhoneNumberWithUser')
  expect(found?.requestBody).toEqual({
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            E164PhoneNumber: { type: 'string', pattern: String.raw`^\+?[1-9]\d{1,14}$`, 'x-sensitive': true },
          },
          required: ['E164PhoneNumber'],
        },
      },
    },
  })
})
