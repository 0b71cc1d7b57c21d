/** Malformed HTTP, slow and impolite clients, and connections that break. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../support/belfry.ts'
import { exchange, send, signRaw } from '../support/raw.ts'
import { shortTimeouts } from '../support/signed-requests.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry(shortTimeouts)
const now = () => basicTime(tenant.now())

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
      'POST / HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 x\r\nContent-Length: 5\r\n\r\nabc',
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

  test('disconnects a client that pipelines too many requests', async () => {
    const socket = open()
    for (let asked = 0; asked < 1000; asked++) socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
    let answers = 0
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('latin1').split('HTTP/1.1 200 OK').length - 1))
    await once(socket, 'close')
    expect(answers).toBeLessThan(1000)
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

  test('frees the slot of a client that never completes its request nor closes the connection', async () => {
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

  test('answers a request without a signature before its body arrives', async () => {
    const answer = await exchange(
      belfry.url,
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 500000\r\n\r\nabc',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
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
