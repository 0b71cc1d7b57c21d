/** The HTTP/1.1 edge. Requests are passed on as raw bytes, and every answer is JSON, even one to invalid HTTP. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError, serviceUnavailable } from '../contract/errors.ts'
import { isTooLarge } from './body.ts'
import { createBodyMemory } from './body-memory.ts'
import type { ConnectionLimits } from './connection-pool.ts'
import { type Connections, trackConnections } from './connections.ts'
import { type Intake, type IntakeOptions, take } from './intake.ts'
import { type LoadSheddingOptions, createLoadShedder } from './load-shedding.ts'
import { type ProbeOptions, findProbe } from './probes.ts'
import {
  type RespondOptions,
  closeConnection,
  refuseConnection,
  refuseUnparsable,
  renderRefusal,
  send,
} from './respond.ts'

export interface EdgeOptions extends ProbeOptions, IntakeOptions, ConnectionLimits {
  requestTimeoutMs: number
  drainDelayMs: number
  load: LoadSheddingOptions
  /** Memory for the bodies of all requests, in bytes. */
  bodyMemory: number
}

export interface Edge {
  /**
   * First reports that it is not ready but still serves, so that load balancers notice. Then it accepts no
   * connections, finishes the requests in flight, and answers later ones on open connections with 503.
   */
  drain(): Promise<void>
}

/** Attaches the service to a server, which may listen already. */
export function createEdge(server: Server, options: EdgeOptions): Edge {
  let state: State = 'serving'
  const shedder = createLoadShedder(options.load)
  const connections = trackConnections(server, options, options.requestTimeoutMs)
  const isReady = async () => state === 'serving' && options.isReady()
  const intake = { ...options, isReady, shedder, memory: createBodyMemory(options.bodyMemory) }
  attachHandlers(server, connections, intake, () => state)
  return {
    async drain() {
      state = 'leaving'
      await sleep(options.drainDelayMs)
      state = 'draining'
      await closeWithin(server, connections, options.requestTimeoutMs)
      connections.close()
      shedder.close()
    },
  }
}

type State = 'serving' | 'leaving' | 'draining'

function attachHandlers(
  server: Server,
  connections: Connections,
  options: Intake & ProbeOptions,
  stateOf: () => State,
) {
  const { clock } = options
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (!connections.track(response)) return
    const id = randomUUID()
    const answer = await (stateOf() === 'draining'
      ? renderRefusal(id, shuttingDown(), options)
      : (answerProbe(incoming, id, options) ?? take(incoming, id, options)))
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
  const refuse = (error: Error, socket: Socket) => {
    // Requests that arrived in full before are answered first: their effects may be on disk already.
    if (connections.owesAnswer(socket)) socket.once('answered', () => closeConnection(socket))
    else refuseUnparsable(error, socket, options)
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
      refuseLate(socket as Socket, connections, () => refuse(error, socket as Socket))
    else refuse(error, socket as Socket)
  })
}

/** After a pause of the process the whole request may be there although its time is over. It is read before this refuses. */
function refuseLate(socket: Socket, connections: Connections, refuse: () => void) {
  const before = connections.lastAnswerOf(socket)
  setImmediate(() => {
    if (connections.lastAnswerOf(socket) === before) refuse()
  })
}

/** Never rejects. */
const answerProbe = (incoming: IncomingMessage, id: string, options: ProbeOptions & RespondOptions) =>
  findProbe(incoming)?.(options, incoming).catch((error: unknown) => renderRefusal(id, error, options))

/** Node enforces no time-outs while a server closes, so an endless request would keep it open. */
function closeWithin(server: Server, connections: Connections, milliseconds: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), milliseconds)
  const sweep = sweepConnections(connections)
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cutOff)
      clearInterval(sweep)
      resolve()
    })
  })
}

const sweepEveryMs = 100
const sweepsWithPatience = 8

/** A request that is on its way gets most of a second. Sweeps are counted so that a pause of the process does not take it. */
function sweepConnections(connections: Connections): NodeJS.Timeout {
  let sweeps = 0
  connections.closeUnused(false)
  return setInterval(() => connections.closeUnused(++sweeps >= sweepsWithPatience), sweepEveryMs)
}

const shuttingDown = () => serviceUnavailable('The server is shutting down')
