/** Malformed HTTP, slow and impolite clients, and connections that break. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../support/belfry.ts'
import { exchange, namingKeyOf, send, sendSigned, signRaw } from '../support/raw.ts'
import { shortTimeouts } from '../support/signed-requests.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry(shortTimeouts)
const now = () => basicTime(tenant.now())

function signedByNobody(): string {
  const credential = `AKIANOBODYNOBODY/${now().slice(0, 8)}/us-east-1/chime/aws4_request`
  const parameters = `Credential=${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`
  return `X-Amz-Date: ${now()}\r\nAuthorization: AWS4-HMAC-SHA256 ${parameters}\r\n`
}

function open() {
  const { hostname, port } = new URL(belfry.url)
  return connect(Number(port), hostname).on('error', () => {})
}

describe('the server', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'MalformedHttpRequestException'],
    [
      'two Content-Length headers',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'MalformedHttpRequestException',
    ],
    [
      'Content-Length with Transfer-Encoding',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'MalformedHttpRequestException',
    ],
    [
      'a head that is too long',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'RequestHeaderFieldsTooLargeException',
    ],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 404, 'UnknownOperationException'],
    ['an incomplete head', 'GET / HTTP/1.1\r\nHost: x\r\n', 408, 'RequestTimeoutException'],
    [
      'an incomplete body',
      `POST / HTTP/1.1\r\nHost: x\r\n${namingKeyOf(tenant)}\r\nContent-Length: 5\r\n\r\nabc`,
      408,
      'RequestTimeoutException',
    ],
  ])('answers %s with an error in JSON', async (_, bytes, status, name) => {
    const answer = await exchange(belfry.url, bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toContain(`x-amzn-ErrorType: ${name}`)
    expect(head).toMatch(/x-amzn-RequestId: [0-9a-f-]{36}/)
    expect(head).toMatch(/Date: \w{3}, /)
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['message'])
  })

  test('disconnects a client that does not read its responses', async () => {
    const socket = open()
    socket.pause()
    for (let asked = 0; asked < 30; asked++) socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
    // Line breaks between requests are ignored, but writing them fails once the connection is closed.
    await expect.poll(() => [socket.write('\r\n'), socket.destroyed][1], { timeout: 10_000 }).toBe(true)
  })

  test('answers the first 32 of too many pipelined requests, and disconnects', async () => {
    const answers = await exchange(belfry.url, 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(10_000))
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(32)
    expect((await send(belfry.url, { path: '/health' })).status).toBe(200)
  })

  test('survives CONNECT requests of clients that reset the connection', async () => {
    for (let count = 0; count < 50; count++) {
      const socket = open()
      await once(socket, 'connect')
      socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n')
      socket.resetAndDestroy()
    }
    expect((await send(belfry.url, { path: '/health' })).status).toBe(200)
  })

  test('counts a request when it has arrived in full', async () => {
    const small = await startBelfry({ MAX_REQUESTS: '1' })
    const caller = await small.tenant()
    const { hostname, port } = new URL(small.url)
    const socket = connect(Number(port), hostname)
    socket.write(`POST /accounts HTTP/1.1\r\nHost: x\r\n${namingKeyOf(caller)}\r\nContent-Length: 2\r\n\r\n{`)
    const statusOf = async () => (await sendSigned(small.url, caller, { path: '/accounts' })).status
    // The request counts as well while its key is looked up, which passes.
    for (let count = 0; count < 10; count++) await expect.poll(statusOf).toBe(200)
    socket.write('}')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 /)
    socket.destroy()
  })

  test.each([
    [
      'a request without Host',
      'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
      403,
      'MissingAuthenticationTokenException',
    ],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n',
      417,
      'ExpectationFailedException',
    ],
  ])('answers %s with an error in JSON and a request id', async (_, bytes, status, name) => {
    const [head = '', body = ''] = (await exchange(belfry.url, bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*x-amzn-RequestId: [^]*x-amzn-ErrorType: ${name}`))
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['message'])
  })

  test('answers a request that is followed by garbage', async () => {
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

  test.each([
    ['without a signature', '', 'MissingAuthenticationTokenException'],
    ['with half a signature', 'Authorization: AWS4-HMAC-SHA256 x\r\n', 'IncompleteSignatureException'],
    ['of an unknown key', signedByNobody(), 'UnrecognizedClientException'],
  ])('answers a request %s before its body arrives', async (_, header, name) => {
    const answer = await exchange(
      belfry.url,
      `POST / HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\nContent-Length: 500000\r\n\r\nabc`,
    )
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 403 [^]*x-amzn-ErrorType: ${name}`))
  })

  test('answers several requests on one connection', async () => {
    const request = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'
    const last = 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const answers = await exchange(belfry.url, request + request + last)
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
  })

  test('survives a client that disconnects during its request', async () => {
    const { hostname, port } = new URL(belfry.url)
    const socket = connect(Number(port), hostname)
    socket.write('POST /accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
    await once(socket, 'connect')
    socket.resetAndDestroy()
    expect((await send(belfry.url, { path: '/health' })).status).toBe(200)
  })
})
