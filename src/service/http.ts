/** The edge: HTTP/1.1 in, raw bytes kept as they came; every answer JSON, even to what is not HTTP. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorName, ServiceError, serviceUnavailable } from '../contract/errors.ts'
import { memoizeLast } from '../primitives/memoize-last.ts'
import type { Clock } from '../primitives/clock.ts'
import { bodyLimit, isSigned, isTooLarge, readBody } from './body.ts'
import { isForWebhook } from './incoming-webhook.ts'
import { type Load, type LoadOptions, createLoad } from './load-shedding.ts'
import { renderError } from './render.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import type { Request } from '../wire/request.ts'
import type { Certificate } from './tls.ts'
import { turn } from './event-loop-barrier.ts'

/** Not imported: that would look at all that `node:http` exports, and so load the client behind `fetch`. */
const { createServer } = process.getBuiltinModule('node:http')

export interface EdgeOptions {
  answer(request: Request): Promise<HttpAnswer>
  /** What comes by a webhook's URL, which nobody signs. */
  answerWebhook(request: Request): Promise<HttpAnswer>
  /** Whether the store can be read. */
  isReady(): Promise<boolean>
  /** The contracts, for whoever wants to call them. */
  openApi(): string
  /** Rejects for a peer that may not read them. */
  metrics(incoming: IncomingMessage): Promise<HttpAnswer>
  /** Hears of what is refused here, and so never comes to `answer`. */
  noteRefusal(requestId: string, thrown: unknown): void
  clock: Clock
  /** Speaks TLS with it, where there is one. */
  certificate?: Certificate | undefined
  maxConnections: number
  headersTimeoutMs: number
  requestTimeoutMs: number
  drainDelayMs: number
  load: LoadOptions
}

export interface Edge {
  server: Server
  /** For connections from now on; those that are open stay as they are. */
  replaceCertificate(certificate: Certificate): void
  /**
   * First says that it is not ready, and serves for a while all the same, so that balancers hear of it. Then stops
   * accepting, lets what has begun finish, answers what still comes on open connections with 503.
   */
  drain(): Promise<void>
}

/** A message of 4 KB, every byte of it escaped, and then some. */
const webhookBodyLimit = 32 * 1024
/** Longer than clients keep idle connections (60 to 75 s), lest one dies just as it is used again. */
const keepAliveTimeoutMs = 80_000

export function createEdge(options: EdgeOptions): Edge {
  let state: State = 'serving'
  const http = {
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(options.headersTimeoutMs, 5_000),
    keepAliveTimeout: keepAliveTimeoutMs,
    optimizeEmptyRequests: true, // A request that announces no body is not made to wait for the end of one.
    requireHostHeader: false, // The signature requires it, and says so in JSON.
  }
  const { certificate } = options
  const tls = certificate && createTlsServer({ ...http, ...certificate, handshakeTimeout: options.headersTimeoutMs })
  const server: Server = tls ?? createServer(http)
  server.maxConnections = options.maxConnections
  server.maxHeadersCount = 0 // Fields past a count would be dropped silently; the size of the section is bounded anyway.
  const load = createLoad(options.load)
  listen(server, load, { ...options, isReady: async () => state === 'serving' && options.isReady() }, () => state)
  return {
    server,
    replaceCertificate: (certificate) => tls?.setSecureContext(certificate),
    drain: async () => {
      state = 'leaving'
      await sleep(options.drainDelayMs)
      state = 'draining'
      await closeWithin(server, options.requestTimeoutMs)
      load.close()
    },
  }
}

type State = 'serving' | 'leaving' | 'draining'

function listen(server: Server, load: Load, options: EdgeOptions, stateOf: () => State) {
  const { clock } = options
  const unanswered = new Map<Socket, Set<IncomingMessage>>()
  const written = new WeakMap<Socket, number>()
  const looking = setInterval(() => cutOffStuck(unanswered.keys(), written), options.requestTimeoutMs).unref()
  server.once('close', () => clearInterval(looking))
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const id = randomUUID()
    noteUnanswered(unanswered, incoming, response)
    const answer =
      stateOf() === 'draining' ? turnAway(id, shuttingDown(), options) : await take(incoming, id, load, options)
    if (stateOf() !== 'serving') response.setHeader('Connection', 'close')
    send(response, id, clock, answer)
  }
  server.on('request', (incoming, response) => void handle(incoming, response))
  server.on('checkContinue', (incoming, response) => {
    if (!isTooLarge(incoming)) response.writeContinue()
    void handle(incoming, response)
  })
  server.on('checkExpectation', (_, response) => {
    const id = randomUUID()
    const error = new ServiceError('ExpectationFailedException', 'Unknown expectation')
    send(response, id, clock, turnAway(id, error, options))
  })
  server.on('connect', (_, socket) => {
    socket.on('error', () => {}) // Node has left the connection to us, and an error nobody hears ends the process.
    refuse(socket, 'UnknownOperationException', 'Unknown operation', options)
  })
  server.on('clientError', (error, socket) => {
    // What was asked in full before is answered first: its effect may be on disk already.
    const owed = [...(unanswered.get(socket as Socket) ?? [])].some(({ complete }) => complete)
    if (owed) socket.once('answered', () => close(socket))
    else refuseUnparsable(error, socket, options)
  })
}

/** Keeps the requests of each connection that wait for an answer, and tells the connection when none does. */
function noteUnanswered(
  unanswered: Map<Socket, Set<IncomingMessage>>,
  incoming: IncomingMessage,
  response: ServerResponse,
) {
  const { socket } = incoming
  const waiting = unanswered.get(socket) ?? new Set()
  // No client of this API sends on before it is answered; whoever does so without end costs memory.
  if (waiting.size >= unansweredAtMost) socket.destroy()
  unanswered.set(socket, waiting.add(incoming))
  response.once('close', () => {
    waiting.delete(incoming)
    if (waiting.size > 0) return
    unanswered.delete(socket)
    socket.emit('answered')
  })
}

const unansweredAtMost = 32

/** Whoever has taken nothing of their answers since the last look is not waited for. */
function cutOffStuck(connections: Iterable<Socket>, written: WeakMap<Socket, number>) {
  for (const socket of connections) {
    if (socket.writableLength === 0) continue
    if (written.get(socket) === socket.bytesWritten) socket.destroy()
    written.set(socket, socket.bytesWritten)
  }
}

/** While it closes, Node no longer enforces its time-outs; a request that never ends must not keep it open. */
function closeWithin(server: Server, milliseconds: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), milliseconds)
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cutOff)
      resolve()
    })
  })
}

const shuttingDown = () => serviceUnavailable('The server is shutting down')
const overloaded = () => serviceUnavailable('The server has too much to do')

/** Never rejects. */
async function take(incoming: IncomingMessage, id: string, load: Load, options: EdgeOptions): Promise<HttpAnswer> {
  const probe = probes.get(incoming.url ?? '')
  if (probe && (incoming.method === 'GET' || incoming.method === 'HEAD'))
    return probe(options, incoming).catch((error: unknown) => turnAway(id, error, options))
  if (!load.enter()) return renderError(overloaded())
  try {
    return await answerOne(incoming, id, options)
  } finally {
    load.leave()
  }
}

async function answerOne(incoming: IncomingMessage, id: string, options: EdgeOptions): Promise<HttpAnswer> {
  const [answer, limit] = isForWebhook(incoming.method, incoming.url)
    ? [options.answerWebhook, webhookBodyLimit]
    : [options.answer, isSigned(incoming) ? bodyLimit : 0]
  try {
    const body = await readBody(incoming, limit)
    await turn()
    return await answer({
      id,
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: incoming.headersDistinct,
      body,
      sourceIp: incoming.socket.remoteAddress ?? null,
      secure: 'encrypted' in incoming.socket,
    })
  } catch (error) {
    return turnAway(id, error, options)
  }
}

function turnAway(id: string, thrown: unknown, { noteRefusal }: EdgeOptions): HttpAnswer {
  noteRefusal(id, thrown)
  return renderError(thrown)
}

/** Not signed: is the process up, can it serve, and what? How much has it done? */
const probes = new Map<string, (options: EdgeOptions, incoming: IncomingMessage) => Promise<HttpAnswer>>([
  ['/health', async () => state(200, 'up')],
  ['/openapi.json', async ({ openApi }) => ({ status: 200, headers: {}, body: openApi() })],
  ['/metrics', ({ metrics }, incoming) => metrics(incoming)],
  ['/ready', async ({ isReady }) => ((await isReady()) ? state(200, 'ready') : state(503, 'unavailable'))],
])

const state = (status: number, text: string): HttpAnswer => ({
  status,
  headers: {},
  body: JSON.stringify({ status: text }),
})

function send(response: ServerResponse, id: string, clock: Clock, answer: HttpAnswer) {
  response.writeHead(answer.status, headersOf(id, clock, answer))
  response.end(answer.body)
}

const httpDate = memoizeLast((seconds: number) => new Date(seconds * 1000).toUTCString())

/** Names and values in turn. A 204 says what it would be, and has neither body nor length, as the original's had. */
function headersOf(id: string, clock: Clock, { status, headers, body }: HttpAnswer): string[] {
  const fields = ['x-amzn-RequestId', id, 'Date', httpDate(Math.floor(clock().getTime() / 1000))]
  if (headers['Content-Type'] === undefined) fields.push('Content-Type', 'application/json')
  if (status !== 204) fields.push('Content-Length', String(Buffer.byteLength(body)))
  for (const name in headers) fields.push(name, headers[name] ?? '')
  return fields
}

const parserErrors: Readonly<Record<string, [ErrorName, string]>> = {
  HPE_HEADER_OVERFLOW: ['RequestHeaderFieldsTooLargeException', 'The header section of the request is too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RequestTimeoutException', 'The request took too long to arrive'],
}

function refuseUnparsable(error: NodeJS.ErrnoException, socket: Duplex, options: EdgeOptions) {
  const [name, message] = parserErrors[error.code ?? ''] ?? [
    'MalformedHttpRequestException',
    'The request is not valid HTTP/1.1',
  ]
  refuse(socket, name, message, options)
}

/** Answers by hand where Node has no response to write to, and closes. */
function refuse(socket: Duplex, name: ErrorName, message: string, options: EdgeOptions) {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const id = randomUUID()
  const answer = turnAway(id, new ServiceError(name, message), options)
  const fields = [...headersOf(id, options.clock, answer), 'Connection', 'close']
  const head = fields.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${fields[index + 1]}`] : []))
  close(socket, [`HTTP/1.1 ${answer.status} ${name}`, ...head, '', answer.body].join('\r\n'))
}

/** Says the last word, and does not wait for long until the other side closes as well: Node tells of a time-out once. */
function close(socket: Duplex, lastWord = '') {
  socket.end(lastWord)
  socket.resume()
  setTimeout(() => socket.destroy(), 1_000).unref()
}
