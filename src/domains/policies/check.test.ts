/** What is asked of a document when it is set. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtInPolicies } from './builtin.ts'
import { checkPolicy } from './check.ts'
import { findRepeatedMember } from './repeated-members.ts'

const awsAccountId = '111122223333'
const check = (document: unknown) => () =>
  checkPolicy(typeof document === 'string' ? document : JSON.stringify(document), awsAccountId)
const policy = (statement: object) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', ...statement },
  ],
})
const allowing = (statement: object) => policy({ Effect: 'Allow', ...statement })

const account = `arn:aws:chime::${awsAccountId}:account/1`
const meeting = `arn:aws:chime::${awsAccountId}:meeting/1`
const form = `arn:aws:chime::${awsAccountId}:meeting/{MeetingId}`

describe('the resources of a statement', () => {
  test.each<[string, string, object]>([
    [
      'Resource: chime:*Account* takes only *',
      'a type that no action knows',
      { Action: 'chime:*Account*', Resource: account },
    ],
    [
      'Resource: chime:GetUser takes only *',
      'an action without resources',
      { Action: 'chime:GetUser', Resource: meeting },
    ],
    [
      'Resource: chime:GetUser takes only *',
      'an action without resources beside one with',
      { Action: ['chime:CreateMeetingDialOut', 'chime:GetUser'], Resource: meeting },
    ],
    [
      `Resource: chime:CreateMeetingDialOut takes only * or ${form}`,
      'the meetings of another AWS account',
      { Action: 'chime:CreateMeetingDialOut', Resource: 'arn:aws:chime::999999999999:meeting/*' },
    ],
    [
      `Resource: * takes only * or ${form}`,
      'a region, which ARNs of meetings do not have',
      { Action: '*', Resource: 'arn:aws:chime:us-east-1:*:meeting/*' },
    ],
    [
      `Resource: what NotAction leaves takes only *`,
      'NotAction',
      { NotAction: 'chime:CreateMeetingDialOut', Resource: meeting },
    ],
    [
      `Resource: what is denied or excepted here can be only ${form}`,
      'a Deny of more than the types there are',
      { Action: 'chime:*', Resource: 'arn:aws:chime:*:*:*' },
    ],
    [
      `Resource: what is denied or excepted here can be only ${form}`,
      'a Deny of a type beside one that there is',
      { Action: 'chime:*', Resource: [meeting, account] },
    ],
    [
      `Resource: what is denied or excepted here can be only ${form}`,
      'a Deny of all ARNs',
      { Action: 'chime:*', Resource: 'arn:*' },
    ],
    [
      `NotResource: what is denied or excepted here can be only ${form}`,
      'an exception of a type that there is not',
      { Effect: 'Allow', Action: '*', NotResource: account },
    ],
    [
      'NotResource: what is denied or excepted here can not be an ARN, because these actions take only *',
      'an exception for actions without resources',
      { Effect: 'Allow', Action: 'chime:GetUser', NotResource: meeting },
    ],
    [
      `NotResource: what is denied or excepted here can be only ${form}`,
      'an exception of everything',
      { Action: '*', NotResource: '*' },
    ],
  ])('are refused with "%s": %s', (message, _, statement) => {
    expect(check(policy(statement))).toThrow(new Error(`Statement[1].${message}`))
  })

  test.each<[string, object]>([
    ['a meeting', policy({ Action: 'chime:CreateMeetingDialOut', Resource: meeting })],
    [
      'a meeting in another case',
      policy({ Action: 'CHIME:createmeetingdialout', Resource: meeting.toUpperCase().replace('ARN', 'arn') }),
    ],
    ['a pattern of meetings', policy({ Action: 'chime:Create*', Resource: 'arn:aws:chime::*:meeting/?*' })],
    ['a meeting among all actions', policy({ Action: '*', Resource: meeting })],
    ['an Allow of all ARNs', allowing({ Action: 'chime:*', Resource: 'arn:aws:chime:*:*:*' })],
    ['everything among others', policy({ Action: 'chime:GetUser', Resource: [account, '*'] })],
    ['all meetings but one', allowing({ Action: 'chime:CreateMeetingDialOut', NotResource: meeting })],
    [
      'what has no operation here',
      policy({ Action: 'chime:CreateChannel', Resource: `arn:aws:chime::1:app-instance/1` }),
    ],
    ['what belongs to another service', policy({ Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::bucket/*' })],
    [
      'a meeting beside what belongs to another service',
      policy({ Action: ['chime:CreateMeetingDialOut', 's3:GetObject'], Resource: [meeting, 'arn:aws:s3:::bucket/*'] }),
    ],
  ])('may be %s', (_, document) => expect(check(document)).not.toThrow())
})

describe('the actions of a statement', () => {
  test.each([
    'chime:GetAcount',
    'chime:Get*Acount',
    'chimes:*',
    'chime:',
    'belfry:GetUser',
    'iam:CreateAccessKey',
    '*:GetUserr',
    'chime:?',
  ])('are refused if there is none that fits %s', (action) => {
    const name = action === 'chime:' ? 'every action must be *, or as chime:GetUser' : `there is no action ${action}`
    expect(check(policy({ Action: ['chime:GetUser', action], Resource: '*' }))).toThrow(
      new Error(`Statement[1].Action: ${name}`),
    )
    expect(check(policy({ NotAction: action, Resource: '*' }))).toThrow(new Error(`Statement[1].NotAction: ${name}`))
  })

  test('are refused if NotAction leaves none', () => {
    expect(check(policy({ NotAction: '*', Resource: '*' }))).toThrow(
      new Error('Statement[1].NotAction: it leaves no action, so that the statement would never hold'),
    )
  })

  test('may have so many wildcards, and not more, because each is compared with all names', () => {
    const patternsOf = (service: string) => Array.from({ length: 33 }, (_, count) => `${service}:*${'?'.repeat(count)}`)
    const many = [...patternsOf('chime'), ...patternsOf('*')].slice(0, 65)
    const withCount = (Action: string[]) => policy({ Action, Resource: '*' })
    expect(check(withCount(many.slice(0, 64)))).not.toThrow()
    expect(check(withCount([...many.slice(0, 64), ...many.slice(0, 64)]))).not.toThrow()
    expect(check(withCount(many))).toThrow(
      new Error('Statement[1].Action: no more than 64 different actions of a document may have * or ?'),
    )
  })

  test('may be of the models of Amazon Chime and its SDK, whether there is such an operation here or not', () => {
    const models = dirname(createRequire(import.meta.url).resolve('aws-sdk/apis/chime-2018-05-01.min.json'))
    const files = ['chime-2018-05-01', 'chime-sdk-identity-2021-04-20', 'chime-sdk-meetings-2021-07-15']
    const voice = [
      'chime-sdk-media-pipelines-2021-07-15',
      'chime-sdk-messaging-2021-05-15',
      'chime-sdk-voice-2022-08-03',
    ]
    const names = [...files, ...voice].flatMap((file) => {
      const model = JSON.parse(readFileSync(join(models, `${file}.min.json`), 'utf8')) as { operations: object }
      return Object.keys(model.operations)
    })
    expect(names.length).toBeGreaterThan(300)
    const Action = names.map((name) => `chime:${name}`)
    expect(check(policy({ Action, Resource: '*' }))).not.toThrow()
  })

  test.each([...builtInPolicies])('may be those of %s', (_, document) => {
    expect(check(document)).not.toThrow()
  })

  /** Beside `chime:*`, the published AmazonChimeFullAccess has these. [documented] */
  test('may be of the services that AWS names beside Amazon Chime', () => {
    const topics = {
      Effect: 'Allow',
      Action: ['sns:CreateTopic'],
      Resource: ['arn:aws:sns:*:*:ChimeVoiceConnector-Streaming*'],
    }
    const others = {
      Effect: 'Allow',
      Action: ['s3:ListBucket', 'logs:CreateLogDelivery', 'kinesis:ListStreams'],
      Resource: '*',
    }
    expect(check({ Statement: [topics, others] })).not.toThrow()
  })
})

describe('a member that is given twice', () => {
  test.each([
    ['Statement[0].Effect', '{"Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}'],
    ['Statement', '{"Statement":[],"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
    ['Statement.Effect', String.raw`{"Statement":{"Effect":"Deny","\u0045ffect":"Allow","Action":"*","Resource":"*"}}`],
    [
      'Statement[1].Condition.StringEquals',
      `{"Statement":[{"Effect":"Allow","Action":["*","*"],"Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*",
        "Condition":{"StringEquals":{"aws:username":"nobody"},"StringEquals":{"aws:PrincipalAccount":"1"}}}]}`,
    ],
    [
      'Statement.Condition.StringEquals.aws:username',
      `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*",
        "Condition":{"StringEquals":{"aws:username":["a","b"],"aws:username":"c"}}}}`,
    ],
  ])('is refused: %s', (place, document) => {
    expect(check(document)).toThrow(new Error(`${place}: this member is there twice, and only one would count`))
  })

  test('is found in any JSON, and only there', () => {
    const property = fc.property(fc.json(), fc.constantFrom('a', '"', '\\', '{', ',', ':'), (json, name) => {
      expect(findRepeatedMember(json)).toBeUndefined()
      const member = `${JSON.stringify(name)}:${json}`
      expect(findRepeatedMember(`[0,{"x":[],${member}}]`)).toBeUndefined()
      expect(findRepeatedMember(`[0,{"x":[],${member},${member}}]`)).toBe(`[1].${name}`)
    })
    fc.assert(property, { numRuns: 1_000 })
  })
})
