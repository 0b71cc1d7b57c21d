/** Who may come in: four independent signers are let in, and whatever is wrong with a signature is named. */
import { Chime } from '@aws-sdk/client-chime'
import ChimeV2 from 'aws-sdk/clients/chime.js'
import aws4 from 'aws4'
import { AwsClient } from 'aws4fetch'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Tenant, type TestBelfry, createClient, startBelfry } from '../support/belfry.ts'
import { expectRefusal } from '../support/errors.ts'
import { givenAccount, givenNumber } from '../support/given.ts'
import { type RawRequest, send, sendSigned, signByHand, signRaw } from '../support/raw.ts'
import { basicTime } from '../../src/identity/canonical.ts'

let belfry: TestBelfry
let tenant: Tenant
let number: string

beforeAll(async () => {
  belfry = await startBelfry({ REGIONS: 'us-east-1,eu-west-1' })
  tenant = await belfry.tenant()
  await givenAccount(tenant, 'Signed & sealed')
  number = await givenNumber(belfry, tenant)
})

describe('signers', () => {
  test('@aws-sdk/client-chime', async () => {
    const { Accounts } = await tenant.chime.listAccounts({ Name: 'Signed & sealed' })
    expect(Accounts).toHaveLength(1)
    expect((await tenant.chime.getPhoneNumber({ PhoneNumberId: number })).PhoneNumber?.E164PhoneNumber).toBe(number)
    const PhoneNumberId = number.replace('+', '%2B')
    expect((await tenant.chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber?.PhoneNumberId).toBe(PhoneNumberId)
  })

  test('aws-sdk, version 2', async () => {
    const client = new ChimeV2({ endpoint: belfry.url, region: 'eu-west-1', credentials: tenant.credentials })
    const { Accounts } = await client.listAccounts({ Name: 'Signed & sealed' }).promise()
    expect(Accounts).toHaveLength(1)
    const found = await client.getPhoneNumber({ PhoneNumberId: number }).promise()
    expect(found.PhoneNumber?.E164PhoneNumber).toBe(number)
    await client.deletePhoneNumber({ PhoneNumberId: number }).promise()
    // This client sends `{}` as application/json where the model knows no body.
    const restored = await client.restorePhoneNumber({ PhoneNumberId: number }).promise()
    expect(restored.PhoneNumber?.Status).toBe('Unassigned')
  })

  test('aws-sdk, version 2, at an endpoint that ends in /console', async () => {
    const endpoint = `${belfry.url}/console`
    const client = new ChimeV2({ endpoint, region: 'us-east-1', credentials: tenant.credentials })
    expect((await client.listAccounts().promise()).Accounts).toHaveLength(1)
  })

  test('aws4', async () => {
    const answer = await sendSigned(belfry.url, tenant, { path: '/accounts?name=Signed%20%26%20sealed' })
    expect(answer.json['Accounts']).toHaveLength(1)
    const found = await sendSigned(belfry.url, tenant, { path: `/phone-numbers/${encodeURIComponent(number)}` })
    expect(found.status).toBe(200)
  })

  test('aws4fetch', async () => {
    const client = new AwsClient({ ...tenant.credentials, service: 'chime', region: 'us-east-1', retries: 0 })
    const headers = { 'X-Amz-Date': basicTime(tenant.now()) }
    const answer = await client.fetch(`${belfry.url}/phone-numbers/${encodeURIComponent(number)}`, { headers })
    expect(answer.status).toBe(200)
    const path = '/accounts?name=Signed%20%26%20sealed'
    expect((await client.fetch(belfry.url + path, { headers })).status).toBe(200)
  })

  test('a presigned address', async () => {
    const answer = await send(belfry.url, presign('/accounts?max-results=5'))
    expect(answer.status).toBe(200)
  })

  test('a Date header in place of X-Amz-Date', async () => {
    const headers = { Date: tenant.now().toUTCString() }
    const signed = signByHand(belfry.url, tenant.credentials, basicTime(tenant.now()), { path: '/accounts', headers })
    expect((await send(belfry.url, signed)).status).toBe(200)
  })

  test('temporary credentials with their token', async () => {
    const session = await belfry.tenant({ sessionToken: 'a/session+token==' })
    expect((await session.chime.listAccounts()).Accounts).toEqual([])
  })

  test('unsigned headers beside signed ones', async () => {
    const signed = sign({ path: '/accounts' })
    const headers = { ...signed.headers, 'amz-sdk-request': 'attempt=1', constructor: 'x' }
    expect((await send(belfry.url, { ...signed, headers })).status).toBe(200)
  })

  test('a body in chunks', async () => {
    const request = { method: 'POST', path: '/accounts', body: JSON.stringify({ Name: 'In chunks' }) }
    const time = basicTime(tenant.now())
    const headers = { 'X-Amz-Date': time, 'Transfer-Encoding': 'chunked' }
    const signed = signByHand(belfry.url, tenant.credentials, time, { ...request, headers })
    expect((await send(belfry.url, signed)).status).toBe(201)
  })
})

const account = { method: 'POST', path: '/accounts', body: '{"Name":"Mine"}' }
type Change = (request: RawRequest) => RawRequest
const header =
  (name: string, value: string): Change =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } })
const without =
  (name: string): Change =>
  ({ headers: { [name]: _, ...headers } = {}, ...request }) => ({ ...request, headers })
const authorization =
  (pattern: RegExp | string, replacement: string): Change =>
  (request) =>
    header('Authorization', (request.headers?.['Authorization'] ?? '').replace(pattern, replacement))(request)

const incomplete = 'IncompleteSignatureException'
const invalid = 'InvalidSignatureException'
const mismatch =
  /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret/

describe('tampering', () => {
  test.each<[string, Change, string, string | RegExp, number?]>([
    ['nothing', without('Authorization'), 'MissingAuthenticationTokenException', /^Missing Authentication Token$/],
    ['a bearer token', header('Authorization', 'Bearer x'), 'MissingAuthenticationTokenException', 'Missing'],
    ['signature version 2', header('Authorization', 'AWS AKID:c2ln'), 'MissingAuthenticationTokenException', 'Missing'],
    [
      'header and query together',
      (it) => ({ ...it, path: '/accounts?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
      invalid,
      /^Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header\.$/,
    ],
    [
      'no Credential',
      authorization(/Credential=[^,]+, /, ''),
      incomplete,
      /^Authorization header requires 'Credential' parameter\.$/,
    ],
    [
      'no SignedHeaders',
      authorization(/SignedHeaders=[^,]+, /, ''),
      incomplete,
      /^Authorization header requires 'SignedHeaders' parameter\.$/,
    ],
    [
      'no Signature',
      authorization(/, Signature=.*/, ''),
      incomplete,
      /^Authorization header requires 'Signature' parameter\.$/,
    ],
    [
      'no date',
      without('X-Amz-Date'),
      incomplete,
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    ],
    [
      'a parameter without =',
      authorization('Signature=', 'Signature'),
      incomplete,
      'not a valid key=value pair (missing equal-sign) in Authorization header',
    ],
    [
      'a parameter twice',
      authorization('Signature=', 'Signature=0, Signature='),
      incomplete,
      "more than one 'Signature'",
    ],
    [
      'a date in another form',
      header('X-Amz-Date', '2026-11-24T00:00:00Z'),
      incomplete,
      "Date must be in ISO-8601 'basic format'. Got '2026-11-24T00:00:00Z'.",
    ],
    [
      'a date that is none',
      header('X-Amz-Date', '20261399T996199Z'),
      incomplete,
      "Date must be in ISO-8601 'basic format'.",
    ],
    [
      'the host not signed',
      authorization('host;', ''),
      invalid,
      /^'Host' must be a 'SignedHeader' in the AWS Authorization\.$/,
    ],
    [
      'a signed header that is absent',
      authorization('host;', 'host;x-none;'),
      invalid,
      "Signed header 'x-none' is missing",
    ],
    [
      'another algorithm',
      authorization('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'),
      incomplete,
      "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'",
    ],
    [
      'a credential of four parts',
      authorization('/chime/', '/'),
      incomplete,
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got',
    ],
    [
      'another region',
      authorization('/us-east-1/', '/ap-south-1/'),
      invalid,
      "Credential should be scoped to a valid region, not 'ap-south-1'.",
    ],
    [
      'another service',
      authorization('/chime/', '/s3/'),
      invalid,
      /^Credential should be scoped to correct service: 'chime'\.$/,
    ],
    [
      'another terminator',
      authorization('/aws4_request', '/aws4'),
      invalid,
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'.",
    ],
    [
      'another day',
      authorization(/\/\d{8}\//, '/20200101/'),
      invalid,
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    ],
    [
      'an unknown key',
      authorization(/=\w+\//, '=AKIDUNKNOWN/'),
      'UnrecognizedClientException',
      /^The security token included in the request is invalid\.$/,
    ],
    ['a key named __proto__', authorization(/=\w+\//, '=__proto__/'), 'UnrecognizedClientException', 'invalid'],
    ['another method', (it) => ({ ...it, method: 'PUT' }), invalid, mismatch],
    ['another path', (it) => ({ ...it, path: '/account' }), invalid, mismatch],
    ['another query', (it) => ({ ...it, path: '/accounts?a=b' }), invalid, mismatch],
    ['another body', (it) => ({ ...it, body: '{"Name":"Evil"}' }), invalid, mismatch],
    ['another signed header', header('Content-Type', 'application/json; charset=utf-8'), invalid, mismatch],
    ['another host', header('Host', 'chime.us-east-1.amazonaws.com'), invalid, mismatch],
    ['a signature with a letter changed', authorization(/.$/, 'g'), invalid, mismatch],
    [
      'a signature in capitals',
      (it) =>
        authorization(
          /Signature=.*/,
          (it.headers?.['Authorization'] ?? '').replace(
            /.*(Signature=)(.*)/,
            (_, name: string, value: string) => name + value.toUpperCase(),
          ),
        )(it),
      invalid,
      mismatch,
    ],
    ['a signature cut short', authorization(/.{8}$/, ''), invalid, mismatch],
    ['a token with a long-term key', header('X-Amz-Security-Token', 'x'), 'UnrecognizedClientException', 'invalid'],
    ['a false body hash that is not signed', header('X-Amz-Content-Sha256', '0'.repeat(64)), invalid, mismatch],
    [
      'an unsigned payload',
      header('X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'),
      'MalformedHttpRequestException',
      'SHA-256',
      400,
    ],
    [
      'a streamed payload',
      header('X-Amz-Content-Sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'),
      'MalformedHttpRequestException',
      'SHA-256',
      400,
    ],
  ])('%s', async (_, change, name, message, status = 403) => {
    const answer = await send(belfry.url, change(sign({ ...account, headers: { 'Content-Type': 'application/json' } })))
    expect({ status: answer.status, name: answer.headers['x-amzn-errortype'] }).toEqual({ status, name })
    expect(Object.keys(answer.json)).toEqual(['message'])
    expect(answer.json['message']).toMatch(message)
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}-/)
    expect(answer.body).not.toContain('Signature=')
  })

  test.each([
    [-16, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/],
    [16, /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)$/],
  ])('a clock off by %i minutes', async (minutes, message) => {
    const at = new Date(tenant.now().getTime() + minutes * 60_000)
    const answer = await send(belfry.url, sign({ path: '/accounts' }, at))
    expect(answer.headers['x-amzn-errortype']).toBe(invalid)
    expect(answer.json['message']).toMatch(message)
  })

  test('a clock off by 14 minutes is let in', async () => {
    for (const minutes of [-14, 14]) {
      const at = new Date(tenant.now().getTime() + minutes * 60_000)
      expect((await send(belfry.url, sign({ path: '/accounts' }, at))).status).toBe(200)
    }
  })

  test('another secret', async () => {
    const thief = createClient(belfry.url, { ...tenant.credentials, secretAccessKey: 'x'.repeat(40) })
    await expectRefusal(thief.listAccounts(), invalid, 403, mismatch)
  })

  test.each([
    ['missing', undefined],
    ['another', 'other'],
  ])('the session token is %s', async (_, sessionToken) => {
    const { credentials } = await belfry.tenant({ sessionToken: 'token' })
    const { accessKeyId, secretAccessKey } = credentials
    const client = createClient(belfry.url, { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) })
    await expectRefusal(client.listAccounts(), 'UnrecognizedClientException', 403)
  })

  test('an expired session', async () => {
    const expiresAt = new Date(tenant.now().getTime() - 1).toISOString()
    const { chime } = await belfry.tenant({ sessionToken: 'token', expiresAt })
    await expectRefusal(
      chime.listAccounts(),
      'ExpiredTokenException',
      403,
      /^The security token included in the request is expired$/,
    )
  })

  test('a key that is switched off', async () => {
    const { chime } = await belfry.tenant({ active: false })
    await expectRefusal(chime.listAccounts(), 'UnauthorizedClientException', 401)
  })

  test('a year of five digits', async () => {
    const time = '+0100000101T000000Z'
    const Date = 'Sat, 01 Jan 10000 00:00:00 GMT'
    const inHeader = signByHand(belfry.url, tenant.credentials, time, { path: '/accounts', headers: { Date } })
    const answer = await send(belfry.url, inHeader)
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, incomplete])
    const { path } = presign('/accounts')
    const inQuery = await send(belfry.url, {
      path: path.replace(/X-Amz-Date=\w+/, `X-Amz-Date=${encodeURIComponent(Date)}`),
    })
    expect([inQuery.status, inQuery.headers['x-amzn-errortype']]).toEqual([403, incomplete])
  })

  test.each([
    ['twice', 'host;host'],
    ['by the hundred', `host;${Array.from({ length: 100 }, (_, index) => `x-${index}`).join(';')}`],
  ])('a header signed %s', async (_, names) => {
    const answer = await send(
      belfry.url,
      authorization('SignedHeaders=host', `SignedHeaders=${names}`)(sign({ path: '/accounts' })),
    )
    expect(answer.headers['x-amzn-errortype']).toBe(incomplete)
    expect(answer.json['message']).toContain('must name each header once')
  })

  test('two Authorization headers', async () => {
    const signed = sign({ path: '/accounts' })
    const twice = { ...signed.headers, Authorization: [signed.headers?.['Authorization'], 'AWS4-HMAC-SHA256 x=y'] }
    const answer = await send(belfry.url, { ...signed, headers: twice as unknown as Record<string, string> })
    expect(answer.headers['x-amzn-errortype']).toBe(incomplete)
  })
})

describe('presigned', () => {
  test.each<[string, (path: string) => string, string, string]>([
    ['another parameter', (path) => `${path}&max-results=1`, invalid, 'does not match'],
    [
      'no date',
      (path) => path.replace(/X-Amz-Date=[^&]+&/, ''),
      incomplete,
      "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
    ],
    ['a credential twice', (path) => `${path}&X-Amz-Credential=x`, incomplete, 'more than once'],
    [
      'valid for too long',
      (path) => path.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604801'),
      incomplete,
      'X-Amz-Expires',
    ],
    ['valid for no time', (path) => path.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=0'), incomplete, 'X-Amz-Expires'],
  ])('%s', async (_, change, name, message) => {
    const request = presign('/accounts')
    const answer = await send(belfry.url, { ...request, path: change(request.path) })
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, name])
    expect(answer.json['message']).toContain(message)
  })

  test('expired', async () => {
    const request = presign('/accounts', -61_000, 60)
    const answer = await send(belfry.url, request)
    expect(answer.json['message']).toMatch(/^Signature expired: /)
    expect((await send(belfry.url, presign('/accounts', -50_000, 60))).status).toBe(200)
  })
})

test('the SDK corrects a clock that is wrong', async () => {
  const late = new Chime({
    endpoint: belfry.url,
    region: 'us-east-1',
    credentials: tenant.credentials,
    systemClockOffset: tenant.now().getTime() - Date.now() - 3_600_000,
  })
  expect((await late.listAccounts()).Accounts).toBeDefined()
})

function sign(request: RawRequest, at = tenant.now()): RawRequest {
  const headers = { 'X-Amz-Date': basicTime(at), ...request.headers }
  return signRaw(belfry.url, tenant.credentials, { ...request, headers })
}

function presign(path: string, shiftMs = 0, expires = 900): RawRequest {
  const { host } = new URL(belfry.url)
  const at = basicTime(new Date(tenant.now().getTime() + shiftMs))
  const target = `${path}${path.includes('?') ? '&' : '?'}X-Amz-Date=${at}&X-Amz-Expires=${expires}`
  const request = { service: 'chime', region: 'us-east-1', host, path: target, signQuery: true }
  const signed = aws4.sign(request, tenant.credentials)
  return { path: signed.path ?? '', headers: { Host: host } }
}

test.each(['AK%00IA', '%00', '%F0%9F%98%80', 'x'.repeat(5000), "'%20or%201=1", '__proto__'])(
  'a key id that no key can have is not known: %s',
  async (id) => {
    const time = basicTime(tenant.now())
    const credential = `X-Amz-Credential=${id}%2F${time.slice(0, 8)}%2Fus-east-1%2Fchime%2Faws4_request`
    const rest = `X-Amz-Date=${time}&X-Amz-SignedHeaders=host&X-Amz-Signature=00`
    const path = `/accounts?X-Amz-Algorithm=AWS4-HMAC-SHA256&${credential}&${rest}`
    const { status, headers } = await send(belfry.url, { path })
    expect([status, headers['x-amzn-errortype']]).toEqual([403, 'UnrecognizedClientException'])
  },
)
