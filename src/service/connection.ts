/** What is known of an open connection. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connection {
  /** Under TLS the secure one, as soon as there is one. */
  socket: Socket
  /** Of the peer. */
  address: string
  /** Address and port. */
  peer: string
  /** Responses that the peer has not been sent in full. */
  unanswered: Set<ServerResponse>
  /** When a whole request was last answered, counted in such answers of the process; 0 for never. */
  answeredAt: number
}

/** Whether a request that arrived in full is unanswered. */
export function owesAnswer({ unanswered }: Connection): boolean {
  for (const { req } of unanswered) if (req.complete) return true
  return false
}

/** Whether the server works on a request that arrived in full. A peer that only has to read does not count. */
function isWorkedFor({ unanswered }: Connection): boolean {
  for (const { req, writableEnded } of unanswered) if (req.complete && !writableEnded) return true
  return false
}

/**
 * The connection that can be closed at the least harm: the oldest that never sent a whole request, else the one whose
 * last request is the longest ago. Undefined if the server works for all of them.
 * @param connections in order of their arrival
 */
export function findDispensable(connections: Iterable<Connection>): Connection | undefined {
  let longestIdle: Connection | undefined
  for (const connection of connections) {
    if (isWorkedFor(connection)) continue
    if (connection.answeredAt === 0) return connection
    if (!longestIdle || connection.answeredAt < longestIdle.answeredAt) longestIdle = connection
  }
  return longestIdle
}
