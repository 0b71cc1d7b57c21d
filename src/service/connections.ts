/** Open connections: which of their requests are unanswered, and whether the peer still reads its answers. */
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Connection, owesAnswer } from './connection.ts'
import { type ConnectionLimits, poolConnections } from './connection-pool.ts'
import { closeConnection } from './respond.ts'

export interface Connections {
  /**
   * Counts a request as unanswered until its response is closed. After the last one the socket emits `answered`.
   * Returns false for one that is not to be answered, because the peer sent too many at a time.
   */
  track(response: ServerResponse): boolean
  /** Whether a request that arrived in full is unanswered. */
  owesAnswer(socket: Socket): boolean
  /** Changes with each answer to a whole request. */
  lastAnswerOf(socket: Socket): number | undefined
  /** Closes those whose peer never sent a byte or, if told so, all those that owe no answer. */
  closeUnused(andIncomplete: boolean): void
  close(): void
}

/** @param stuckAfterMs how long a connection may leave its answers unread before it is cut off */
export function trackConnections(server: Server, limits: ConnectionLimits, stuckAfterMs: number): Connections {
  const { all, findConnection } = poolConnections(server, limits)
  const written = new WeakMap<Socket, number>()
  const timer = setInterval(() => cutOffStuck(all, written), stuckAfterMs).unref()
  return {
    track(response) {
      const connection = findConnection(response.req.socket)
      return connection === undefined || trackRequest(connection, response)
    },
    owesAnswer(socket) {
      const connection = findConnection(socket)
      return connection !== undefined && owesAnswer(connection)
    },
    lastAnswerOf: (socket) => findConnection(socket)?.answeredAt,
    closeUnused: (andIncomplete) => closeUnused(all, andIncomplete),
    close: () => clearInterval(timer),
  }
}

/** No client of this API pipelines more; without a bound a client could fill the memory. */
const unansweredAtMost = 32
let wholeAnswers = 0

function trackRequest(connection: Connection, response: ServerResponse): boolean {
  const { socket, unanswered } = connection
  if (unanswered.size >= unansweredAtMost) {
    stopReading(connection)
    return false
  }
  unanswered.add(response)
  response.once('close', () => {
    unanswered.delete(response)
    if (response.req.complete) connection.answeredAt = ++wholeAnswers
    if (unanswered.size === 0) socket.emit('answered')
  })
  return true
}

/** What was read already still arrives as requests, so this is called for each of them. */
function stopReading({ socket }: Connection) {
  if (socket.listenerCount('answered') > 0) return
  socket.once('answered', () => closeConnection(socket))
  socket.removeAllListeners('data')
  socket.on('data', () => {})
}

/** A connection is stuck if it has answers to send and nothing was written since the last look. */
function cutOffStuck(connections: Iterable<Connection>, written: WeakMap<Socket, number>) {
  for (const { socket, unanswered } of connections) {
    if (unanswered.size === 0 || socket.writableLength === 0) continue
    if (written.get(socket) === socket.bytesWritten) socket.destroy()
    written.set(socket, socket.bytesWritten)
  }
}

function closeUnused(connections: Iterable<Connection>, andIncomplete: boolean) {
  for (const connection of connections) {
    const { socket } = connection
    if (socket.bytesRead === 0 || (andIncomplete && !owesAnswer(connection))) socket.destroy()
  }
}
