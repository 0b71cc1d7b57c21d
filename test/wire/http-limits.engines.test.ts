/** Limits on connections and on the memory of bodies, and what makes room when they are reached. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type TestBelfry, startBelfry } from '../support/belfry.ts'
import { namingKeyOf } from '../support/raw.ts'

const health = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'
const hasAnswered = /^HTTP\/1\.1 200 OK/

/** Opens a connection and sends something. */
async function open({ url }: TestBelfry, bytes = '', localAddress = '127.0.0.1'): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), localAddress }).on('error', () => {})
  await once(socket, 'connect')
  socket.write(bytes)
  return socket
}

async function ask(socket: Socket): Promise<string> {
  socket.write(health)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.toString()
}

/** Opens a connection and waits until it was served. */
async function openServed(belfry: TestBelfry, localAddress?: string): Promise<Socket> {
  const socket = await open(belfry, '', localAddress)
  expect(await ask(socket)).toMatch(hasAnswered)
  return socket
}

const isClosed = (socket: Socket) => expect.poll(() => socket.resume().closed).toBe(true)

describe('when there are too many connections', () => {
  test.each([
    ['nothing', ''],
    ['half a head', 'GET /health HTTP/1.1\r\nHost'],
    ['half a body', 'POST /incomingwebhooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{'],
    ['a request that is refused by its head', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{'],
  ])('the oldest that has sent %s makes room, and served ones stay', async (_, bytes) => {
    const belfry = await startBelfry({ MAX_CONNECTIONS: '3' })
    const served = await openServed(belfry)
    const [oldest, newer] = [await open(belfry, bytes), await open(belfry, bytes)]
    const latest = await openServed(belfry)
    await isClosed(oldest)
    expect(await ask(served)).toMatch(hasAnswered)
    expect(await ask(latest)).toMatch(hasAnswered)
    expect(newer.closed).toBe(false)
    for (const socket of [served, newer, latest]) socket.destroy()
  })

  test('the one whose last request is the longest ago makes room if all have been served', async () => {
    const belfry = await startBelfry({ MAX_CONNECTIONS: '2' })
    const [first, second] = [await openServed(belfry), await openServed(belfry)]
    expect(await ask(first)).toMatch(hasAnswered)
    const third = await openServed(belfry)
    await isClosed(second)
    expect(await ask(first)).toMatch(hasAnswered)
    for (const socket of [first, third]) socket.destroy()
  })

  test('from one address, it is one of that address that makes room', async () => {
    const belfry = await startBelfry({ HOST: '127.0.0.1', MAX_CONNECTIONS_PER_ADDRESS: '2' })
    const other = await open(belfry, '', '127.0.0.2')
    const [oldest, newer] = [await open(belfry), await open(belfry)]
    const latest = await openServed(belfry)
    await isClosed(oldest)
    for (const socket of [other, newer, latest]) {
      expect(await ask(socket)).toMatch(hasAnswered)
      socket.destroy()
    }
  })

  test('many that come and go leave nothing behind', async () => {
    const belfry = await startBelfry({ MAX_CONNECTIONS: '2', MAX_CONNECTIONS_PER_ADDRESS: '2' })
    for (let count = 0; count < 50; count++) (await openServed(belfry)).destroy()
    const [first, second] = [await openServed(belfry), await openServed(belfry)]
    expect(await ask(first)).toMatch(hasAnswered)
    for (const socket of [first, second]) socket.destroy()
  })
})

test('when the bodies of requests take too much memory, the one that has been arriving longest is given up', async () => {
  const belfry = await startBelfry({ MAX_BODY_MEMORY_MIB: '1' })
  const head = `POST /accounts HTTP/1.1\r\nHost: x\r\n${namingKeyOf(await belfry.tenant())}\r\nContent-Length: 800000\r\n\r\n`
  const sockets = [await open(belfry, head), await open(belfry, head)]
  const answers = sockets.map(untilClosed)
  for (const socket of sockets) socket.write('x'.repeat(700_000))
  expect(await Promise.race(answers)).toMatch(/^HTTP\/1\.1 503 [^]*Connection: close[^]*too much to do/)
  for (const socket of sockets) socket.destroy()
})

/** Everything that arrives on a connection, however it ends. */
async function untilClosed(socket: Socket): Promise<string> {
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
  await once(socket, 'close')
  return answer
}
