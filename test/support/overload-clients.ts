/** Clients on raw sockets for overload tests: well-behaved ones and attackers. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The responses to well-behaved clients. */
export interface Answers {
  /** The number of responses by status. */
  statuses: Map<number, number>
  /** Violations of what well-behaved clients may expect. */
  faults: string[]
}

interface Client {
  url: string
  requests: readonly Buffer[]
  isOver(): boolean
}

/** Sends one request after another, each after the response to the last. */
export async function runClient(client: Client, { statuses, faults }: Answers): Promise<void> {
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

/** Returns undefined if the connection is closed before the response is complete. */
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

/** Repeats an attack and ignores its outcome. */
export async function runAttacker(client: Client, act: Attack): Promise<void> {
  while (!client.isOver()) {
    const socket = await open(client.url)
    if (socket) await act(socket, client).catch(() => {})
    socket?.destroy()
    await sleep(10)
  }
}

type Attack = (socket: Socket, client: Client) => Promise<unknown>

export const attacks = {
  'connects and says nothing': untilClosed,
  'sends a header byte by byte': (socket, client) =>
    drip(socket, 'GET /accounts HTTP/1.1\r\nHost: x\r\nX-Slow: ', client),
  'begins a body and never ends it'(socket, client) {
    socket.write('POST /accounts HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-\r\nContent-Length: 100000\r\n\r\n{')
    return untilClosed(socket, client)
  },
  'sends requests and reads no responses'(socket, client) {
    socket.pause()
    for (let count = 0; count < 200; count++) socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n')
    return untilClosed(socket, client)
  },
  'does not speak HTTP'(socket, client) {
    socket.write('\x16\x03\x01 hello\r\n\r\n')
    return untilClosed(socket, client)
  },
  async 'sends a request and disconnects'(socket, { requests }) {
    socket.write(requests[0] ?? '')
  },
  async 'forges a signature'(socket, { requests }) {
    socket.write(String(requests[0]).replace(/Signature=\w{4}/, 'Signature=0000'))
    await readAnswer(socket)
  },
} satisfies Record<string, Attack>

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
