import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { badRequest, badTokens, badToken, notFound, refused, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

interface Policy {
  PolicyName: string
  PolicyDocument: string
  BuiltIn: boolean
}

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object, using = tenant) => callBelfry(belfry.url, using, text, members)
const documentOf = (Action: string, Effect = 'Allow') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource: '*' }] })
const put = (name: string, PolicyDocument: string, using = tenant) =>
  call(`PUT /policies/${name}`, { PolicyDocument }, using)
const builtIn = (name: string) =>
  `403 ForbiddenException Forbidden: The policy ${name} is built in and cannot be changed`

describe('PutPolicy, GetPolicy', () => {
  test('keep the document as it was given, with its timestamps', async () => {
    const { status, json } = await put('readers', documentOf('chime:Get*'))
    const Policy = {
      PolicyName: 'readers',
      PolicyDocument: documentOf('chime:Get*'),
      BuiltIn: false,
      CreatedTimestamp: expect.stringMatching(/Z$/),
      UpdatedTimestamp: expect.stringMatching(/Z$/),
    }
    expect([status, json]).toEqual([200, { Policy }])
    expect((await call('GET /policies/readers')).json).toEqual(json)
    belfry.advance(1000)
    const again = (await put('readers', documentOf('chime:List*'))).json['Policy'] as Record<string, string>
    expect(again['PolicyDocument']).toBe(documentOf('chime:List*'))
    const before = json['Policy'] as Record<string, string>
    expect(again['CreatedTimestamp']).toBe(before['CreatedTimestamp'])
    expect(again['UpdatedTimestamp']).not.toBe(before['UpdatedTimestamp'])
  })

  test('a new document takes effect within a second', async () => {
    await put('changing', documentOf('chime:*'))
    const { chime, principal } = await belfry.tenant({
      awsAccountId: tenant.awsAccountId,
      policy: documentOf('s3:*'),
    })
    await call(`PUT /principals/${principal}/policies/changing`)
    expect((await chime.listAccounts()).$metadata.httpStatusCode).toBe(200)
    await put('changing', documentOf('chime:*', 'Deny'))
    const changed = performance.now()
    await expect.poll(() => refusedOrNot(chime.listAccounts()), { interval: 20 }).toContain('with an explicit deny')
    expect(performance.now() - changed).toBeLessThan(1000)
  })

  test.each(['{', '[]', '{"Statement":{"Effect":"Allow"}}'])('refuse the document %s', async (document) => {
    expect(refusedRaw(await put('bad', document))).toMatch(
      /^400 BadRequestException BadRequest: The policy cannot be used/,
    )
    expect(refusedRaw(await call('GET /policies/bad'))).toBe(notFound('Policy', 'bad'))
  })

  test('name the place of an error', async () => {
    const Statement = [
      { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquls: { 'aws:username': 'x' } } },
    ]
    const place = 'Statement[0].Condition.StringEquls: there is no such condition operator here'
    expect(refusedRaw(await put('bad', JSON.stringify({ Statement })))).toBe(
      badRequest(`The policy cannot be used. ${place}`),
    )
  })

  test.each<[string, string]>([
    [
      'Statement.Resource: chime:*Account* takes only *',
      `{"Statement":{"Effect":"Deny","Action":"chime:*Account*","Resource":"arn:aws:chime::${tenant.awsAccountId}:account/1"}}`,
    ],
    [
      'Statement.Effect: this member is there twice, and only one would count',
      '{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}',
    ],
    [
      'Statement.Action: there is no action chime:GetAcount',
      '{"Statement":{"Effect":"Deny","Action":"chime:GetAcount","Resource":"*"}}',
    ],
  ])('refuse what would not be enforced: %s', async (message, document) => {
    expect(refusedRaw(await put('unenforced', document))).toBe(badRequest(`The policy cannot be used. ${message}`))
    expect(refusedRaw(await call('GET /policies/unenforced'))).toBe(notFound('Policy', 'unenforced'))
  })

  test('a document that was stored before it would be refused keeps its meaning', async () => {
    const policy = '{"Statement":[{"Effect":"Allow","Action":["chime:ListAccounts","chime:GetAcount"],"Resource":"*"}]}'
    const { chime } = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy })
    expect((await chime.listAccounts()).$metadata.httpStatusCode).toBe(200)
    expect(await refused(chime.listUsers({ AccountId: 'x' }))).toMatch(/^403 AccessDeniedException/)
  })

  test('refuse to make the policies of a principal too long, but let them become shorter', async () => {
    const own = await belfry.tenant()
    const ofLength = (length: number) => documentOf('*').padEnd(length)
    const [long, longer] = [ofLength(16_000), ofLength(16_384)]
    await call('POST /principals', { PrincipalName: 'ann', PrincipalType: 'Person' }, own)
    for (const name of ['p1', 'p2', 'p3', 'p4']) {
      await put(name, longer, own)
      expect((await call(`PUT /principals/ann/policies/${name}`, undefined, own)).status).toBe(204)
    }
    const limit =
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 65536 characters in the policies of the principal ann would be exceeded'
    await put('p5', documentOf('*'), own)
    expect(refusedRaw(await call('PUT /principals/ann/policies/p5', undefined, own))).toBe(limit)
    expect((await call('PUT /principals/ann/policies/AmazonChimeReadOnly', undefined, own)).status).toBe(204)
    expect((await put('p1', long, own)).status).toBe(200)
    expect((await call('PUT /principals/ann/policies/p5', undefined, own)).status).toBe(204)
    expect(refusedRaw(await put('p5', longer, own))).toBe(limit)
    expect((await call('GET /policies/p5', undefined, own)).json['Policy']).toMatchObject({
      PolicyDocument: documentOf('*'),
    })
  })

  test('what is too long already stays, and may become shorter', async () => {
    const own = await belfry.tenant()
    const document = documentOf('chime:*').padEnd(70_000)
    const { chime, principal } = await belfry.tenant({ awsAccountId: own.awsAccountId, policy: document })
    expect((await chime.listAccounts()).Accounts).toEqual([])
    expect((await call(`PUT /principals/${principal}/policies/${principal}`, undefined, own)).status).toBe(204)
    await put('one-more', documentOf('*'), own)
    expect(refusedRaw(await call(`PUT /principals/${principal}/policies/one-more`, undefined, own))).toMatch(
      /^400 ResourceLimitExceededException/,
    )
    expect((await put(principal, documentOf('chime:*').padEnd(16_384), own)).status).toBe(200)
  })

  test.each(['a b', 'é', 'x'.repeat(129)])('refuse the name %s', async (name) => {
    const path = encodeURIComponent(name)
    expect(refusedRaw(await put(path, documentOf('*')))).toMatch(/^400 BadRequestException.*'PolicyName'/)
    expect(refusedRaw(await call(`GET /policies/${path}`))).toMatch(/^400 BadRequestException.*'PolicyName'/)
  })

  test('do not change a built-in policy', async () => {
    expect(refusedRaw(await put('AmazonChimeReadOnly', documentOf('*')))).toBe(builtIn('AmazonChimeReadOnly'))
    const { json } = await call('GET /policies/AmazonChimeReadOnly')
    const { PolicyDocument, ...rest } = json['Policy'] as Policy
    expect(rest).toEqual({
      PolicyName: 'AmazonChimeReadOnly',
      BuiltIn: true,
      CreatedTimestamp: null,
      UpdatedTimestamp: null,
    })
    expect(JSON.parse(PolicyDocument)).toMatchObject({ Version: '2012-10-17' })
  })
})

describe('ListPolicies', () => {
  test('lists the built-in policies and those of the AWS account by name, in pages', async () => {
    const own = await belfry.tenant()
    for (const name of ['b', 'a', 'c']) await put(name, documentOf('*'), own)
    const first = (await call('GET /policies?max-results=2', undefined, own)).json
    const names = (page: Record<string, unknown>) => (page['Policies'] as Policy[]).map((it) => it.PolicyName)
    const builtInNames = [
      'AdministratorAccess',
      'AmazonChimeFullAccess',
      'AmazonChimeReadOnly',
      'AmazonChimeUserManagement',
    ]
    expect(names(first)).toEqual([...builtInNames, 'a', 'b'])
    const second = await call(`GET /policies?max-results=2&next-token=${String(first['NextToken'])}`, undefined, own)
    expect([names(second.json), second.json['NextToken']]).toEqual([['c'], null])
    expect(names((await call('GET /policies', undefined, await belfry.tenant())).json)).toEqual(builtInNames)
  })

  test.each(badTokens)('refuses the token %j', async (token) => {
    expect(refusedRaw(await call(`GET /policies?next-token=${encodeURIComponent(token)}`))).toBe(badToken)
  })
})

describe('DeletePolicy', () => {
  test('deletes a detached policy, and refuses a policy that is attached, built in or unknown', async () => {
    await put('gone', documentOf('*'))
    await call('POST /principals', { PrincipalName: 'holder', PrincipalType: 'Person' })
    await call('PUT /principals/holder/policies/gone')
    expect(refusedRaw(await call('DELETE /policies/gone'))).toBe(
      '409 ConflictException Conflict: The policy gone is attached to a principal',
    )
    await call('DELETE /principals/holder/policies/gone')
    expect((await call('DELETE /policies/gone')).status).toBe(204)
    expect(refusedRaw(await call('DELETE /policies/gone'))).toBe(notFound('Policy', 'gone'))
    expect(refusedRaw(await call('DELETE /policies/AdministratorAccess'))).toBe(builtIn('AdministratorAccess'))
    expect(refusedRaw(await call('DELETE /policies/a%20b'))).toMatch(/^400 BadRequestException.*'PolicyName'/)
  })
})

const refusedOrNot = (request: Promise<unknown>) => refused(request).catch(() => 'not refused')
