/** Open connections: which of their requests are unanswered, and whether the peer still reads its answers. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Counts a request as unanswered until its response is closed. After the last one the socket emits `answered`. */
  track(incoming: IncomingMessage, response: ServerResponse): void
  /** Whether a request that arrived in full is unanswered. */
  owesAnswer(socket: Socket): boolean
  close(): void
}

/** @param stuckAfterMs how long a connection may leave its answers unread before it is cut off */
export function trackConnections(stuckAfterMs: number): Connections {
  const unanswered = new Map<Socket, Set<IncomingMessage>>()
  const written = new WeakMap<Socket, number>()
  const timer = setInterval(() => cutOffStuck(unanswered.keys(), written), stuckAfterMs).unref()
  return {
    track: (incoming, response) => trackRequest(unanswered, incoming, response),
    owesAnswer: (socket) => [...(unanswered.get(socket) ?? [])].some(({ complete }) => complete),
    close: () => clearInterval(timer),
  }
}

/** No client of this API pipelines more; without a bound a client could fill the memory. */
const unansweredAtMost = 32

function trackRequest(
  unanswered: Map<Socket, Set<IncomingMessage>>,
  incoming: IncomingMessage,
  response: ServerResponse,
) {
  const { socket } = incoming
  const waiting = unanswered.get(socket) ?? new Set()
  if (waiting.size >= unansweredAtMost) socket.destroy()
  unanswered.set(socket, waiting.add(incoming))
  response.once('close', () => {
    waiting.delete(incoming)
    if (waiting.size > 0) return
    unanswered.delete(socket)
    socket.emit('answered')
  })
}

/** A connection is stuck if it has answers to send and nothing was written since the last look. */
function cutOffStuck(connections: Iterable<Socket>, written: WeakMap<Socket, number>) {
  for (const socket of connections) {
    if (socket.writableLength === 0) continue
    if (written.get(socket) === socket.bytesWritten) socket.destroy()
    written.set(socket, socket.bytesWritten)
  }
}
