/** HTTP itself: framing, limits, headers, and answers to what is hardly HTTP. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../support/belfry.ts'
import { givenAccount, givenUser } from '../support/given.ts'
import { type RawRequest, exchange, send, sendSigned, signByHand, signRaw } from '../support/raw.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry({ HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600' })

function open() {
  const { hostname, port } = new URL(belfry.url)
  return connect(Number(port), hostname).on('error', () => {})
}

const signed = (request: RawRequest) => sendSigned(belfry.url, tenant, request)
const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  signed({ method: 'POST', path, body, headers })

describe('answers', () => {
  test('carry request id, date, type and length', async () => {
    const { headers, body } = await signed({ path: '/accounts' })
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(Math.abs(Date.parse(headers.date ?? '') - tenant.now().getTime())).toBeLessThan(2000)
    expect(headers['content-type']).toBe('application/json')
    expect(headers['content-length']).toBe(String(body.length))
    expect(headers['content-encoding']).toBeUndefined()
    expect(body).toBe('{"Accounts":[],"NextToken":null}')
  })

  test('are compact, in alphabetical order, with every member', async () => {
    const { body, json } = await post('/accounts', '{"Name":"Whole"}')
    const { AccountId, CreatedTimestamp } = json['Account'] as Record<string, string>
    expect(body).toBe(
      `{"Account":{"AccountId":"${AccountId}","AccountStatus":"Active","AccountType":"Team","AwsAccountId":"${tenant.awsAccountId}","CreatedTimestamp":"${CreatedTimestamp}","DefaultLicense":"Pro","Name":"Whole","SigninDelegateGroups":[],"SupportedLicenses":["Basic","Pro"]}}`,
    )
    expect(CreatedTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('of 204 have neither body nor length', async () => {
    const path = `/accounts/${await givenAccount(tenant)}/settings`
    const answer = await signed({ method: 'PUT', path, body: '{"AccountSettings":{}}' })
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(answer.headers['content-length'] ?? answer.headers['transfer-encoding']).toBeUndefined()
    expect(answer.body).toBe('')
  })

  test('to errors are JSON, without nulls', async () => {
    const answer = await signed({ path: '/accounts/nobody' })
    expect(answer.status).toBe(404)
    expect(answer.headers['x-amzn-errortype']).toBe('NotFoundException')
    expect(answer.body).toBe(`{"Code":"NotFound","Message":"Could not find Account with Id 'nobody'"}`)
  })

  test('to HEAD have no body', async () => {
    const answer = await signed({ method: 'HEAD', path: '/accounts' })
    expect([answer.status, answer.headers['x-amzn-errortype'], answer.body]).toEqual([
      404,
      'UnknownOperationException',
      '',
    ])
  })
})

describe('routes', () => {
  test.each(['OPTIONS', 'TRACE', 'PATCH', 'PROPFIND'])('%s is no operation', async (method) => {
    const answer = await signed({ method, path: '/accounts' })
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException'])
    expect(answer.body).toBe('{"message":"Unknown operation"}')
  })

  test('a misspelt operation never reaches its sibling', async () => {
    const AccountId = await givenAccount(tenant)
    const UserId = await givenUser(tenant, AccountId)
    for (const path of [
      `/accounts/${AccountId}/users/${UserId}`,
      `/accounts/${AccountId}`,
      `/phone-numbers/%2B12065550100`,
    ]) {
      const answer = await post(`${path}?operation=associate-phonenumber`, '{"LicenseType":"Basic"}')
      expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException'])
    }
    expect((await tenant.chime.getUser({ AccountId, UserId })).User?.LicenseType).toBe('Pro')
  })

  test.each([
    ['/accounts/', 400],
    ['/accounts/%20', 400],
    ['//accounts', 404],
    ['/phone-numbers/', 400],
    ['/accounts/%zz', 400],
    ['/accounts/%ff', 400],
    ['/accounts/%00', 400],
    ['/accounts/__proto__', 404],
    ['/accounts/..', 404],
    ['/accounts?max-results=1&max-results=2', 400],
    ['/accounts?name=%ff', 400],
    ['/accounts?name=%00', 400],
    ['/accounts?unknown=1&x', 200],
    ['/console/accounts', 200],
    ['/console/console/accounts', 404],
    [`/accounts/${'x'.repeat(5000)}`, 400],
  ])('GET %s: %i', async (path, status) => {
    const request = signByHand(belfry.url, tenant.credentials, now(), { path, headers: { 'X-Amz-Date': now() } })
    expect((await send(belfry.url, request)).status).toBe(status)
  })

  test('an absolute target', async () => {
    const { headers } = signRaw(belfry.url, tenant.credentials, { path: '/accounts', headers: { 'X-Amz-Date': now() } })
    const answer = await send(belfry.url, { path: `${belfry.url}/accounts`, headers: headers ?? {} })
    expect(answer.status).toBe(200)
  })
})

describe('bodies', () => {
  test('of another type, or compressed, are refused', async () => {
    for (const headers of [{ 'Content-Type': 'text/plain' }, { 'Content-Encoding': 'gzip' }]) {
      const answer = await post('/accounts', '{"Name":"x"}', { ...headers })
      expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([415, 'UnsupportedMediaTypeException'])
    }
  })

  test('of JSON with a character set are taken', async () => {
    expect(
      (await post('/accounts', '{"Name":"x"}', { 'Content-Type': 'Application/JSON; charset=utf-8' })).status,
    ).toBe(201)
  })

  test.each(["{'Name':'x'}", '{"Name":"x",}', '{"Name":"x"} x', '// x\n{"Name":"x"}', '{"Name":"x"', '{"Name":\f"x"}'])(
    'that are not JSON are refused: %s',
    async (body) => {
      const answer = await post('/accounts', body)
      expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([400, 'BadRequestException'])
    },
  )

  test('too deep, or with hostile names, harm nobody', async () => {
    const deep = `{"Name":"x","y":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect((await post('/accounts', deep)).status).toBe(201)
    expect((await post('/accounts', `{"Name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).status).toBe(400)
    const answer = await post('/accounts', '{"Name":"x","__proto__":{"Name":"y"},"constructor":1}')
    expect([answer.status, (answer.json['Account'] as { Name: string }).Name]).toEqual([201, 'x'])
  })

  test('name every broken constraint at once', async () => {
    const AccountId = await givenAccount(tenant)
    const UserId = await givenUser(tenant, AccountId)
    const body = '{"LicenseType":"Gold","UserType":7,"AlexaForBusinessMetadata":{"IsAlexaForBusinessEnabled":"true"}}'
    const { json } = await post(`/accounts/${AccountId}/users/${UserId}`, body)
    expect(json['Message']).toBe(
      "3 validation errors detected: Value at 'LicenseType' failed to satisfy constraint: Member must satisfy enum value set: [Basic, Plus, Pro, ProTrial]; Value at 'UserType' failed to satisfy constraint: Member must satisfy enum value set: [PrivateUser, SharedDevice]; Value at 'AlexaForBusinessMetadata.IsAlexaForBusinessEnabled' failed to satisfy constraint: Member must be a boolean",
    )
  })

  test('with a very long list are answered shortly', async () => {
    const AccountId = await givenAccount(tenant)
    const { status, json } = await post(
      `/accounts/${AccountId}/users?operation=add`,
      `{"UserEmailList":[${'0,'.repeat(500_000)}0]}`,
    )
    expect(status).toBe(400)
    expect(json['Message']).toBe(
      "1 validation error detected: Value at 'UserEmailList' failed to satisfy constraint: Member must have length less than or equal to 50",
    )
  })

  test('that would make a pattern backtrack are answered at once', async () => {
    const AccountId = await givenAccount(tenant)
    const started = performance.now()
    const { status } = await post(
      `/accounts/${AccountId}/users?operation=add`,
      JSON.stringify({ UserEmailList: ['@'.repeat(1_000_000)] }),
    )
    expect(status).toBe(400)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test('of 1 MiB are read, of one byte more are refused, announced or not', async () => {
    const most = `{"Name":"x","pad":"${'x'.repeat(1024 * 1024 - 21)}"}`
    expect(most).toHaveLength(1024 * 1024)
    expect((await post('/accounts', most)).status).toBe(201)
    const tooLarge = expect.objectContaining({
      status: 413,
      headers: expect.objectContaining({ 'x-amzn-errortype': 'RequestEntityTooLargeException' }),
    })
    expect(await post('/accounts', `${most} `)).toEqual(tooLarge)
    const chunked = {
      method: 'POST',
      path: '/accounts',
      headers: { 'Transfer-Encoding': 'chunked', Authorization: 'AWS4-HMAC-SHA256 x' },
      body: `${most} `,
    }
    expect(await send(belfry.url, chunked)).toEqual(tooLarge)
  })

  test('that are announced with Expect are asked for, or refused beforehand', async () => {
    const head = (length: number) =>
      `POST /accounts HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`
    expect(await exchange(belfry.url, `${head(2)}{}`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 403 /)
    expect(await exchange(belfry.url, head(2 ** 30))).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('what is hardly HTTP', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'MalformedHttpRequestException'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'MalformedHttpRequestException',
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'MalformedHttpRequestException',
    ],
    [
      'a long head',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'RequestHeaderFieldsTooLargeException',
    ],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 404, 'UnknownOperationException'],
    ['a head that does not end', 'GET / HTTP/1.1\r\nHost: x\r\n', 408, 'RequestTimeoutException'],
    [
      'a body that does not end',
      'POST / HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 x\r\nContent-Length: 5\r\n\r\nabc',
      408,
      'RequestTimeoutException',
    ],
  ])('%s is answered in JSON', async (_, bytes, status, name) => {
    const answer = await exchange(belfry.url, bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toContain(`x-amzn-ErrorType: ${name}`)
    expect(head).toMatch(/x-amzn-RequestId: [0-9a-f-]{36}/)
    expect(head).toMatch(/Date: \w{3}, /)
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['message'])
  })

  test('whoever asks for much and takes nothing is cut off', async () => {
    const socket = open()
    socket.pause()
    for (let asked = 0; asked < 30; asked++) socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
    // Line breaks between requests mean nothing; a connection that is gone does not take them.
    await expect.poll(() => [socket.write('\r\n'), socket.destroyed][1], { timeout: 10_000 }).toBe(true)
  })

  test('whoever asks on and on without waiting for answers is cut off', async () => {
    const socket = open()
    for (let asked = 0; asked < 1000; asked++) socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
    let answers = 0
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('latin1').split('HTTP/1.1 200 OK').length - 1))
    await once(socket, 'close')
    expect(answers).toBeLessThan(1000)
  })

  test('whoever asks for a tunnel and is gone is no trouble', async () => {
    for (let count = 0; count < 50; count++) {
      const socket = open()
      await once(socket, 'connect')
      socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n')
      socket.resetAndDestroy()
    }
    expect((await send(belfry.url, { path: '/health' })).status).toBe(200)
  })

  test('a client that never closes its side takes no place for ever', async () => {
    const small = await startBelfry({ HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600', MAX_REQUESTS: '1' })
    const { hostname, port } = new URL(small.url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    socket.on('error', () => {})
    socket.write('POST /accounts HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-x\r\nContent-Length: 9\r\n\r\nabc')
    const statusOf = async () => (await send(small.url, { path: '/accounts' })).status
    await expect.poll(statusOf).toBe(503)
    await expect.poll(statusOf, { timeout: 10_000 }).toBe(403)
    socket.destroy()
  })

  test.each([
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 403, 'MissingAuthenticationTokenException'],
    [
      'Expect: foo',
      'GET / HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n',
      417,
      'ExpectationFailedException',
    ],
  ])('%s is answered in JSON, with a request id', async (_, bytes, status, name) => {
    const [head = '', body = ''] = (await exchange(belfry.url, bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*x-amzn-RequestId: [^]*x-amzn-ErrorType: ${name}`))
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['message'])
  })

  test('garbage after a request does not hide the answer to the request', async () => {
    const body = '{"Name":"Before the garbage"}'
    const { headers = {} } = signRaw(belfry.url, tenant.credentials, {
      method: 'POST',
      path: '/accounts',
      body,
      headers: { 'X-Amz-Date': now(), 'Content-Type': 'application/json' },
    })
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const answer = await exchange(
      belfry.url,
      `POST /accounts HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}garbage\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('the body of a request without any signature is not waited for', async () => {
    const answer = await exchange(
      belfry.url,
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 500000\r\n\r\nabc',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('a connection serves one request after another', async () => {
    const request = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'
    const last = 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const answers = await exchange(belfry.url, request + request + last)
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
  })

  test('a client that goes away in the middle is no trouble', async () => {
    const { hostname, port } = new URL(belfry.url)
    const socket = connect(Number(port), hostname)
    socket.write('POST /accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
    await once(socket, 'connect')
    socket.resetAndDestroy()
    expect((await send(belfry.url, { path: '/health' })).status).toBe(200)
  })
})

describe('probes', () => {
  test('are not signed', async () => {
    expect(await send(belfry.url, { path: '/health' })).toMatchObject({ status: 200, body: '{"status":"up"}' })
    expect(await send(belfry.url, { path: '/ready' })).toMatchObject({ status: 200, body: '{"status":"ready"}' })
    expect(await send(belfry.url, { method: 'HEAD', path: '/ready' })).toMatchObject({ status: 200, body: '' })
    expect((await send(belfry.url, { method: 'POST', path: '/ready' })).status).toBe(403)
    expect((await send(belfry.url, { path: '/openapi.json' })).json).toMatchObject({ openapi: '3.1.0' })
  })
})

const now = () => basicTime(tenant.now())
