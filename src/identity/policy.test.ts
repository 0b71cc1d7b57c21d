/** The policy language, evaluated for requests. */
import { describe, expect, test } from 'vitest'
import { builtInPolicies } from '../domains/policies/builtin.ts'
import { parsePolicy } from '../domains/policies/document.ts'
import { type Asked, assertAllowed } from './policy.ts'

const caller = {
  awsAccountId: '111122223333',
  principalArn: 'arn:aws:iam::111122223333:user/ann',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
}

interface Change extends Partial<Omit<Asked, 'request'>> {
  sourceIp?: string | null
  secure?: boolean
  userAgent?: string
}

function asked({ sourceIp = '192.0.2.7', secure = false, userAgent, ...change }: Change = {}): Asked {
  const headers = userAgent === undefined ? {} : { 'user-agent': [userAgent] }
  return {
    action: 'chime:GetUser',
    resource: '*',
    caller,
    request: { method: 'GET', target: '/', headers, body: new Uint8Array(), sourceIp, secure },
    scope: '20260701/eu-west-1/chime/aws4_request',
    time: new Date('2026-07-01T12:00:00.000Z'),
    ...change,
  }
}

/** The decision: `allowed`, or the reason clause of the error. */
function outcome(documents: unknown[], change?: Change): string {
  const policies = documents.map((document) => parsePolicy(JSON.stringify(document)))
  try {
    assertAllowed(policies, asked(change))
    return 'allowed'
  } catch (error) {
    return (error as Error).message.replace(/^.* on resource: \S+ /, '')
  }
}

const unspoken = 'because no identity-based policy allows the chime:GetUser action'
const denied = 'with an explicit deny in an identity-based policy'
const allow = (rest: object) => ({ Effect: 'Allow', Resource: '*', ...rest })
const deny = (rest: object) => ({ Effect: 'Deny', Resource: '*', ...rest })
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })

describe('actions and effects', () => {
  test.each<[string, unknown[], string]>([
    ['an action needs a policy', [], unspoken],
    ['a policy without statements allows nothing', [policy()], unspoken],
    ['a statement need not be in a list', [{ Statement: allow({ Action: '*' }) }], 'allowed'],
    ['the older version is accepted', [{ ...policy(allow({ Action: '*' })), Version: '2008-10-17' }], 'allowed'],
    ['an Allow of the action applies', [policy(allow({ Action: 'chime:GetUser' }))], 'allowed'],
    ['an Allow in another case applies', [policy(allow({ Action: 'CHIME:getuser' }))], 'allowed'],
    ['an Allow of several actions applies', [policy(allow({ Action: ['chime:List*', 'chime:Get*'] }))], 'allowed'],
    ['a question mark stands for one character', [policy(allow({ Action: 'chime:Get????' }))], 'allowed'],
    ['a question mark stands for no less', [policy(allow({ Action: 'chime:GetUser?' }))], unspoken],
    ['an Allow for another service does not apply', [policy(allow({ Action: ['s3:*', 'belfry:*'] }))], unspoken],
    ['NotAction of other actions applies', [policy(allow({ NotAction: 'belfry:*' }))], 'allowed'],
    ['NotAction of this action does not apply', [policy(allow({ NotAction: ['chime:GetUser'] }))], unspoken],
    ['a Deny after an Allow wins', [policy(allow({ Action: '*' }), deny({ Action: 'chime:Get*' }))], denied],
    ['a Deny before an Allow wins', [policy(deny({ Action: 'chime:Get*' }), allow({ Action: '*' }))], denied],
    ['a Deny in another policy wins', [policy(allow({ Action: '*' })), policy(deny({ Action: 'chime:Get*' }))], denied],
    [
      'a Deny of others has no effect',
      [policy(allow({ Action: '*' }), deny({ NotAction: 'chime:GetUser' }))],
      'allowed',
    ],
    [
      'an Allow in another policy applies',
      [policy(allow({ Action: 's3:*' })), policy(allow({ Action: '*' }))],
      'allowed',
    ],
  ])('%s', (_, documents, expected) => expect(outcome(documents)).toBe(expected))
})

const meeting = 'arn:aws:chime::111122223333:meeting/3F8A'

describe('resources', () => {
  test.each<[string, object, string, boolean]>([
    ['an ARN does not match an action without resources', { Resource: meeting }, '*', false],
    ['* matches every resource', { Resource: '*' }, meeting, true],
    ['an ARN matches itself in another case', { Resource: meeting.toLowerCase() }, meeting, true],
    [
      'one pattern of several is enough',
      { Resource: ['arn:aws:s3:::x', 'arn:aws:chime::*:meeting/?F*'] },
      meeting,
      true,
    ],
    ['an ARN does not match another', { Resource: 'arn:aws:chime::111122223333:meeting/3F8' }, meeting, false],
    ['NotResource of another ARN matches', { NotResource: 'arn:aws:chime::111122223333:meeting/other' }, meeting, true],
    ['NotResource of this ARN does not match', { NotResource: ['arn:aws:chime::*:meeting/*'] }, meeting, false],
    ['NotResource of an ARN matches an action without resources', { NotResource: meeting }, '*', true],
    ['NotResource of * matches nothing', { NotResource: '*' }, '*', false],
  ])('%s', (_, about, resource, allowed) => {
    const found = outcome([policy({ Effect: 'Allow', Action: '*', ...about })], { resource })
    expect(found).toBe(allowed ? 'allowed' : unspoken)
  })
})

/** A condition, what the request has, and whether the condition holds. */
const conditions: [object, Change, boolean][] = [
  [{}, {}, true],
  [{ StringEquals: { 'aws:username': 'ann' } }, {}, true],
  [{ StringEquals: { 'AWS:UserName': ['bob', 'ann'] } }, {}, true],
  [{ StringEquals: { 'aws:username': 'Ann' } }, {}, false],
  [{ StringEqualsIgnoreCase: { 'aws:username': 'ANN' } }, {}, true],
  [{ StringNotEquals: { 'aws:username': ['bob', 'ann'] } }, {}, false],
  [{ StringNotEquals: { 'aws:username': ['bob', 'eve'] } }, {}, true],
  [{ StringNotEqualsIgnoreCase: { 'aws:username': 'ANN' } }, {}, false],
  [{ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }, {}, true],
  [{ StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] } }, {}, true],
  [{ StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, {}, false],
  [{ StringLike: { 'aws:UserAgent': 'aws-cli/*' } }, { userAgent: 'aws-cli/2.13 Python/3' }, true],
  [{ StringLike: { 'aws:UserAgent': 'AWS-CLI/*' } }, { userAgent: 'aws-cli/2.13 Python/3' }, false],
  [{ StringNotLike: { 'aws:UserAgent': 'aws-cli/*' } }, { userAgent: 'curl' }, true],
  // Absent.
  [{ StringEquals: { 'aws:UserAgent': 'x' } }, {}, false],
  [{ StringEqualsIfExists: { 'aws:UserAgent': 'x' } }, {}, true],
  [{ StringEqualsIfExists: { 'aws:UserAgent': 'x' } }, { userAgent: 'y' }, false],
  [{ StringNotEquals: { 'aws:UserAgent': 'x' } }, {}, true],
  [{ StringNotLike: { 'aws:UserAgent': '*' } }, {}, true],
  [{ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, { sourceIp: null }, true],
  [{ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, { sourceIp: null }, false],
  [{ Null: { 'aws:UserAgent': 'true' } }, {}, true],
  [{ Null: { 'aws:UserAgent': true } }, { userAgent: 'x' }, false],
  [{ Null: { 'aws:UserAgent': 'false' } }, { userAgent: 'x' }, true],
  [{ Null: { 'aws:UserAgent': ['true', 'false'] } }, {}, true],
  // Addresses.
  [{ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, {}, true],
  [{ IpAddress: { 'aws:SourceIp': '192.0.2.7' } }, {}, true],
  [{ IpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '203.0.113.0/24'] } }, {}, false],
  [{ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, { sourceIp: '::ffff:192.0.2.7' }, true],
  [{ IpAddress: { 'aws:SourceIp': '::ffff:192.0.2.0/120' } }, {}, true],
  [{ IpAddress: { 'aws:SourceIp': '::ffff:0:0/96' } }, {}, true],
  [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, { sourceIp: '2001:db8::1' }, true],
  [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, {}, false],
  [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, { sourceIp: '2001:db8::1' }, false],
  [{ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, { sourceIp: '::ffff:192.0.2.7' }, false],
  [{ NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '203.0.113.0/24'] } }, {}, true],
  // Times.
  [{ DateLessThan: { 'aws:CurrentTime': '2026-07-01T12:00:01Z' } }, {}, true],
  [{ DateLessThan: { 'aws:CurrentTime': '2026-07-01T12:00:00Z' } }, {}, false],
  [{ DateLessThanEquals: { 'aws:CurrentTime': '2026-07-01T14:00:00+02:00' } }, {}, true],
  [{ DateGreaterThan: { 'aws:CurrentTime': '2026-07-01' } }, {}, true],
  [{ DateGreaterThanEquals: { 'aws:CurrentTime': '2026-07-01T12:00:00.001Z' } }, {}, false],
  [{ DateEquals: { 'aws:CurrentTime': '2026-07-01T12:00:00Z' } }, {}, true],
  [{ DateNotEquals: { 'aws:CurrentTime': '2026-07-01T12:00:00Z' } }, {}, false],
  [{ DateEquals: { 'aws:CurrentTime': '1782907200' } }, {}, true],
  [{ DateEquals: { 'aws:EpochTime': '2026-07-01T12:00:00Z' } }, {}, true],
  [{ NumericEquals: { 'aws:EpochTime': 1_782_907_200 } }, {}, true],
  [{ NumericNotEquals: { 'aws:EpochTime': 1_782_907_200 } }, {}, false],
  [{ NumericLessThan: { 'aws:EpochTime': '1782907200' } }, {}, false],
  [{ NumericLessThanEquals: { 'aws:EpochTime': '1782907200' } }, {}, true],
  [{ NumericGreaterThan: { 'aws:EpochTime': '99' } }, {}, true],
  [{ NumericGreaterThanEquals: { 'aws:EpochTime': '1782907200.5' } }, {}, false],
  [{ NumericEquals: { 'aws:username': '1' } }, {}, false],
  // The rest.
  [{ Bool: { 'aws:SecureTransport': 'false' } }, {}, true],
  [{ Bool: { 'aws:SecureTransport': true } }, { secure: true }, true],
  [{ Bool: { 'aws:SecureTransport': 'true' } }, {}, false],
  [{ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/ann' } }, {}, true],
  [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/a?n' } }, {}, true],
  [{ ArnLike: { 'aws:PrincipalArn': '*' } }, {}, true],
  [{ ArnLike: { 'aws:PrincipalArn': 'arn:*:*:*:*:*' } }, {}, true],
  [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam:*:user/ann:' } }, {}, false],
  [{ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/a*' } }, {}, false],
  [{ ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/bob' } }, {}, true],
  // All conditions have to hold.
  [{ StringEquals: { 'aws:username': 'ann', 'aws:RequestedRegion': 'us-east-1' } }, {}, false],
  [{ StringEquals: { 'aws:username': 'ann' }, Bool: { 'aws:SecureTransport': 'true' } }, {}, false],
  [{ StringEquals: { 'aws:username': 'ann' }, Bool: { 'aws:SecureTransport': 'true' } }, { secure: true }, true],
]

describe('conditions', () => {
  test.each(conditions)('the condition %j holds for the request %j: %j', (Condition, change, holds) => {
    expect(outcome([policy(allow({ Action: '*', Condition }))], change)).toBe(holds ? 'allowed' : unspoken)
    const both = policy(allow({ Action: '*' }), deny({ Action: '*', Condition }))
    expect(outcome([both], change)).toBe(holds ? denied : 'allowed')
  })
})

describe('a policy that could not be enforced', () => {
  const all = { Effect: 'Allow', Action: '*', Resource: '*' }
  test.each<[string, unknown]>([
    ['The document: it is not JSON', undefined],
    ['The document: it must be an object', []],
    ['The document: it must be an object', null],
    ['Versoin: this element is not known here', { Versoin: '2012-10-17', Statement: [] }],
    ['Version: it must be 2012-10-17 or 2008-10-17', { Version: '2012-10-18', Statement: [] }],
    ['Id: it must be a text', { Id: 1, Statement: [] }],
    ['Statement: it must be an object', {}],
    ['Statement[1]: it must be an object', policy(all, [])],
    ['Statement[0].Principal: this element is not known here', policy({ ...all, Principal: '*' })],
    ['Statement[0].Sid: it must be a text', policy({ ...all, Sid: {} })],
    ['Statement[0].Effect: it must be Allow or Deny', policy({ ...all, Effect: 'allow' })],
    ['Statement[0].Action: either Action or NotAction must be there', policy({ ...all, NotAction: '*' })],
    ['Statement[0].Action: either Action or NotAction must be there', policy({ Effect: 'Allow', Resource: '*' })],
    ['Statement[0].Resource: either Resource or NotResource must be there', policy({ Effect: 'Allow', Action: '*' })],
    ['Statement[0].Action: it must not be empty', policy({ ...all, Action: [] })],
    ['Statement[0].Action: it must be a text, or a list of texts', policy({ ...all, Action: [{}] })],
    ['Statement[0].Action: every action must be *, or as chime:GetUser', policy({ ...all, Action: 'GetUser' })],
    ['Statement[0].Resource: every resource must be *, or an ARN', policy({ ...all, Resource: 'meeting/1' })],
    [
      'Statement[0].Resource: policy variables are not known here; write the value itself',
      policy({ ...all, Resource: 'arn:aws:chime::1:meeting/${aws:username}' }),
    ],
    ['Statement[0].Condition: it must be an object', policy({ ...all, Condition: 'x' })],
    ['Statement[0].Condition.Bool: it must be an object', policy({ ...all, Condition: { Bool: 'x' } })],
    ...(['StringEquls', 'BinaryEquals', 'ForAllValues:StringEquals', 'NullIfExists', 'constructor'] as const).map(
      (operator): [string, unknown] => [
        `Statement[0].Condition.${operator}: there is no such condition operator here`,
        policy({ ...all, Condition: { [operator]: { 'aws:username': 'true' } } }),
      ],
    ),
    ...['aws:MultiFactorAuthPresent', 'chime:x', '__proto__x'].map((key): [string, unknown] => [
      `Statement[0].Condition.Bool.${key}: this condition key is not known here`,
      policy({ ...all, Condition: { Bool: { [key]: 'true' } } }),
    ]),
    ...Object.entries({
      NumericEquals: 'a number',
      DateLessThan: 'a time',
      Bool: 'true or false',
      IpAddress: 'an IP address or range',
      NotIpAddressIfExists: 'an IP address or range',
      ArnLike: 'an ARN',
    }).map(([operator, kind]): [string, unknown] => [
      `Statement[0].Condition.${operator}.aws:SourceIp: every value must be ${kind}`,
      policy({ ...all, Condition: { [operator]: { 'aws:SourceIp': ['nonsense'] } } }),
    ]),
    ...['10/8', '10.1/16', '0x0a000001', '1', '10.0.0.0/33'].map((short): [string, unknown] => [
      'Statement[0].Condition.IpAddress.aws:SourceIp: every value must be an IP address or range',
      policy({ ...all, Condition: { IpAddress: { 'aws:SourceIp': short } } }),
    ]),
    [
      'Statement[0].Condition.Null.aws:SourceIp: it must be true or false',
      policy({ ...all, Condition: { Null: { 'aws:SourceIp': 'x' } } }),
    ],
  ])('is refused with the message "%s"', (message, document) => {
    expect(() => parsePolicy(document === undefined ? '{' : JSON.stringify(document))).toThrow(new Error(message))
  })
})

describe('built-in policies', () => {
  test.each<[string, string, boolean]>([
    ['AdministratorAccess', 'belfry:PutPolicy', true],
    ['AmazonChimeFullAccess', 'chime:DeleteAccount', true],
    ['AmazonChimeFullAccess', 'belfry:PutPolicy', false],
    ['AmazonChimeReadOnly', 'chime:SearchAvailablePhoneNumbers', true],
    ['AmazonChimeReadOnly', 'chime:UpdateUser', false],
    ['AmazonChimeReadOnly', 'belfry:ListEvents', false],
    ['AmazonChimeUserManagement', 'chime:AssociatePhoneNumberWithUser', true],
    ['AmazonChimeUserManagement', 'chime:CreatePhoneNumberOrder', false],
  ])('%s allows %s: %j', (name, action, allowed) => {
    const document = JSON.parse(builtInPolicies.get(name) ?? '') as unknown
    expect(outcome([document], { action }) === 'allowed').toBe(allowed)
  })
})

test('a pattern that is built to be slow is matched quickly', () => {
  const pattern = `chime:${'*a'.repeat(2000)}b`
  expect(outcome([policy(allow({ Action: pattern }))], { action: `chime:${'a'.repeat(2000)}` })).toContain(
    'no identity',
  )
})
