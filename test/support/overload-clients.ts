/** Many clients at once on raw sockets: some as they should be, and some as nobody should be. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What clients that behave were answered. */
export interface Answers {
  /** How many by status. */
  statuses: Map<number, number>
  /** What should not have happened to them. */
  faults: string[]
}

interface Client {
  url: string
  requests: readonly Buffer[]
  isOver(): boolean
}

/** Asks one thing after the other, each when the last one is answered. */
export async function behave(client: Client, { statuses, faults }: Answers): Promise<void> {
  const socket = await open(client.url)
  if (!socket) return void faults.push('could not connect')
  for (let next = 0; !client.isOver(); next++) {
    socket.write(client.requests[next % client.requests.length] ?? '')
    const answer = await readAnswer(socket)
    if (answer === undefined) return void faults.push('was cut off')
    const status = Number(answer.slice(9, 12))
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status >= 400 && !/^Retry-After: [1-9]\d*$/m.test(answer)) faults.push(`${status} without Retry-After`)
  }
  socket.destroy()
}

/** Undefined where the connection was closed before the end. */
function readAnswer(socket: Socket): Promise<string | undefined> {
  let text = ''
  return new Promise((resolve) => {
    const settle = (answer: string | undefined) => {
      socket.off('data', read).off('close', broke)
      resolve(answer)
    }
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (isWhole(text)) settle(text)
    }
    const broke = () => settle(undefined)
    socket.on('data', read).on('close', broke)
  })
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0)
  return end >= 0 && text.length >= end + 4 + length
}

/** Does something over and over that nobody should, whatever comes of it. */
export async function misbehave(client: Client, act: Misdeed): Promise<void> {
  while (!client.isOver()) {
    const socket = await open(client.url)
    if (socket) await act(socket, client).catch(() => {})
    socket?.destroy()
    await sleep(10)
  }
}

type Misdeed = (socket: Socket, client: Client) => Promise<unknown>

export const misdeeds = {
  'connects and says nothing': untilClosed,
  'sends a header byte by byte': (socket, client) =>
    drip(socket, 'GET /accounts HTTP/1.1\r\nHost: x\r\nX-Slow: ', client),
  'begins a body and never ends it'(socket, client) {
    socket.write('POST /accounts HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-\r\nContent-Length: 100000\r\n\r\n{')
    return untilClosed(socket, client)
  },
  'asks for much and reads nothing'(socket, client) {
    socket.pause()
    for (let count = 0; count < 200; count++) socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
    return untilClosed(socket, client)
  },
  'talks no HTTP'(socket, client) {
    socket.write('\x16\x03\x01 hello\r\n\r\n')
    return untilClosed(socket, client)
  },
  async 'asks and goes away'(socket, { requests }) {
    socket.write(requests[0] ?? '')
  },
  async forges(socket, { requests }) {
    socket.write(String(requests[0]).replace(/Signature=\w{4}/, 'Signature=0000'))
    await readAnswer(socket)
  },
} satisfies Record<string, Misdeed>

async function drip(socket: Socket, beginning: string, client: Client) {
  socket.write(beginning)
  for (; !client.isOver() && !socket.destroyed; await sleep(50)) socket.write('x')
}

async function untilClosed(socket: Socket, { isOver }: Client) {
  while (!isOver() && !socket.destroyed) await sleep(50)
}

async function open(url: string): Promise<Socket | undefined> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  return once(socket, 'connect').then(
    () => socket,
    () => undefined,
  )
}
