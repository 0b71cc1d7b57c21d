/** The document that /openapi.json answers with. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { contracts, describeApis } from '../../src/domains/contracts.ts'

interface Described {
  paths: Record<string, Record<string, { operationId: string; requestBody?: object }>>
}

const document = describeApis() as Described
const described = Object.values(document.paths).flatMap((methods) => Object.values(methods))

test('is valid OpenAPI', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>)
  expect(result.errors).toBeUndefined()
  expect(result.valid).toBe(true)
})

test('describes every operation once', () => {
  const names = described.map(({ operationId }) => operationId)
  expect(names.toSorted()).toEqual(Object.keys(contracts).toSorted())
})

test('tells required from optional, and marks what is sensitive', () => {
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
