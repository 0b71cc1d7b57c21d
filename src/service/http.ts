/** The HTTP/1.1 edge. Requests are passed on as raw bytes, and every answer is JSON, even one to invalid HTTP. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError, serviceUnavailable } from '../contract/errors.ts'
import { bodyLimit, isSigned, isTooLarge, readBody } from './body.ts'
import { isForWebhook } from './incoming-webhook.ts'
import { trackConnections } from './connections.ts'
import { endOfPollPhase } from './event-loop-barrier.ts'
import { type LoadShedder, type LoadSheddingOptions, createLoadShedder } from './load-shedding.ts'
import { type ProbeOptions, findProbe } from './probes.ts'
import { renderError } from './render.ts'
import {
  type RespondOptions,
  closeConnection,
  refuseConnection,
  refuseUnparsable,
  renderRefusal,
  send,
} from './respond.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import type { Request } from '../wire/request.ts'

export interface EdgeOptions extends ProbeOptions, RespondOptions {
  answer(request: Request): Promise<HttpAnswer>
  /** Answers a post to the URL of a webhook, which is not signed. */
  answerWebhook(request: Request): Promise<HttpAnswer>
  requestTimeoutMs: number
  drainDelayMs: number
  load: LoadSheddingOptions
}

export interface Edge {
  /**
   * First reports that it is not ready but still serves, so that load balancers notice. Then it accepts no
   * connections, finishes the requests in flight, and answers later ones on open connections with 503.
   */
  drain(): Promise<void>
}

/** Room for a message of 4 KB in which every byte is escaped. */
const webhookBodyLimit = 32 * 1024

/** Attaches the service to a server, which may listen already. */
export function createEdge(server: Server, options: EdgeOptions): Edge {
  let state: State = 'serving'
  const shedder = createLoadShedder(options.load)
  attachHandlers(
    server,
    shedder,
    { ...options, isReady: async () => state === 'serving' && options.isReady() },
    () => state,
  )
  return {
    async drain() {
      state = 'leaving'
      await sleep(options.drainDelayMs)
      state = 'draining'
      await closeWithin(server, options.requestTimeoutMs)
      shedder.close()
    },
  }
}

type State = 'serving' | 'leaving' | 'draining'

function attachHandlers(server: Server, shedder: LoadShedder, options: EdgeOptions, stateOf: () => State) {
  const { clock } = options
  const connections = trackConnections(options.requestTimeoutMs)
  server.once('close', connections.close)
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const id = randomUUID()
    connections.track(incoming, response)
    const answer =
      stateOf() === 'draining' ? renderRefusal(id, shuttingDown(), options) : await take(incoming, id, shedder, options)
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
    send(response, id, clock, renderRefusal(id, error, options))
  })
  server.on('connect', (_, socket) => {
    socket.on('error', () => {}) // Node has handed the socket over; an unhandled error event would end the process.
    refuseConnection(socket, 'UnknownOperationException', 'Unknown operation: CONNECT', options)
  })
  server.on('clientError', (error, socket) => {
    // Requests that arrived in full before are answered first: their effects may be on disk already.
    if (connections.owesAnswer(socket as Socket)) socket.once('answered', () => closeConnection(socket))
    else refuseUnparsable(error, socket, options)
  })
}

/** Node enforces no time-outs while a server closes, so an endless request would keep it open. */
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
async function take(incoming: IncomingMessage, id: string, shedder: LoadShedder, options: EdgeOptions) {
  const probe = findProbe(incoming)
  if (probe) return probe(options, incoming).catch((error: unknown) => renderRefusal(id, error, options))
  if (!shedder.tryEnter()) return renderError(overloaded())
  try {
    return await answerOne(incoming, id, options)
  } finally {
    shedder.leave()
  }
}

async function answerOne(incoming: IncomingMessage, id: string, options: EdgeOptions): Promise<HttpAnswer> {
  const [answer, limit] = isForWebhook(incoming.method, incoming.url)
    ? [options.answerWebhook, webhookBodyLimit]
    : [options.answer, isSigned(incoming) ? bodyLimit : 0]
  try {
    const body = await readBody(incoming, limit)
    await endOfPollPhase()
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
    return renderRefusal(id, error, options)
  }
}
