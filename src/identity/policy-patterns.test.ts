/** Patterns in policies match as IAM documents it. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePolicy } from '../domains/policies/document.ts'
import { assertAllowed } from './policy.ts'

const caller = { awsAccountId: '111122223333', principalArn: 'arn:aws:iam::111122223333:user/ann', accessKeyId: 'A' }
const asked = {
  caller,
  request: { method: 'GET', target: '/', headers: {}, body: new Uint8Array(), sourceIp: null, secure: false },
  scope: '20260701/us-east-1/chime/aws4_request',
  time: new Date('2026-07-01T12:00:00.000Z'),
}
/** Few letters, so that patterns often match. */
const letters = ['a', 'B', ':', '/', '.', '+']
const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 })
const pattern = fc.string({ unit: fc.constantFrom(...letters, '*', '?', '*'), maxLength: 10 })
/** The same for actions, which consist of letters only. */
const actionName = fc.string({ unit: fc.constantFrom('a', 'B', 'c'), maxLength: 12 })
const actionPattern = fc.string({ unit: fc.constantFrom('a', 'B', 'c', '*', '?', '*'), minLength: 1, maxLength: 10 })
const runs = { numRuns: 500 }

/** A naive implementation: slow, but evidently right. */
const oracle = (pattern: string, text: string) =>
  new RegExp(
    `^${pattern
      .replace(/\*+/g, '*')
      .replace(/[.+/:]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(text)

interface Statement {
  Effect: 'Allow' | 'Deny'
  Action: readonly string[]
  Resource: readonly string[]
}

function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }))
  try {
    assertAllowed([policy], { ...asked, action, resource })
    return true
  } catch {
    return false
  }
}

test('an action is matched as by a regular expression', () => {
  fc.assert(
    fc.property(actionPattern, actionName, (pattern, action) => {
      const statement: Statement = { Effect: 'Allow', Action: [`chime:${pattern}`], Resource: ['*'] }
      expect(isAllowed([statement], `chime:${action}`, '*')).toBe(oracle(`chime:${pattern}`, `chime:${action}`))
    }),
    runs,
  )
})

test('a resource is matched as by a regular expression', () => {
  const arn = 'arn:aws:chime::111122223333:meeting/'
  fc.assert(
    fc.property(pattern, text, (pattern, name) => {
      const statement: Statement = { Effect: 'Allow', Action: ['*'], Resource: [arn + pattern] }
      expect(isAllowed([statement], 'chime:GetUser', arn + name)).toBe(oracle(arn + pattern, arn + name))
    }),
    runs,
  )
})

const statement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Action: fc.array(
    actionPattern.map((it) => `chime:${it}`),
    { minLength: 1, maxLength: 3 },
  ),
  Resource: fc.constant(['*']),
})

test('a Deny overrides every Allow, in any order of the statements', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), actionName, (statements, name) => {
      const action = `chime:${name}`
      const applying = statements.filter(({ Action }) => Action.some((it) => oracle(it, action)))
      const expected = applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow')
      expect(isAllowed(statements, action, '*')).toBe(expected)
      expect(isAllowed(statements.toReversed(), action, '*')).toBe(expected)
    }),
    runs,
  )
})
