/** The open connections, as many as are allowed in all and from one address. */
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Connection, findDispensable } from './connection.ts'

export interface ConnectionLimits {
  maxConnections: number
  /** 0 for no limit. */
  maxConnectionsPerAddress: number
}

export interface ConnectionPool {
  /** In order of their arrival. */
  all: ReadonlySet<Connection>
  /** @param socket as a request has it */
  findConnection(socket: Socket): Connection | undefined
}

interface Pool {
  all: Set<Connection>
  byAddress: Map<string, Set<Connection>>
  /** By address and port, to find the connection of a secure socket. */
  byPeer: Map<string, Connection>
  bySocket: WeakMap<Socket, Connection>
}

/** A new connection beyond a limit takes the place of one that can be spared; if there is none it is closed itself. */
export function poolConnections(server: Server, limits: ConnectionLimits): ConnectionPool {
  const pool: Pool = { all: new Set(), byAddress: new Map(), byPeer: new Map(), bySocket: new WeakMap() }
  server.on('connection', (socket: Socket) => {
    if (hasRoom(pool, socket, limits)) add(pool, socket)
    else socket.destroy()
  })
  server.on('secureConnection', (socket: Socket) => replaceSocket(pool, socket))
  return { all: pool.all, findConnection: (socket) => pool.bySocket.get(socket) }
}

function hasRoom(pool: Pool, { remoteAddress = '' }: Socket, limits: ConnectionLimits): boolean {
  const { maxConnections, maxConnectionsPerAddress: perAddress } = limits
  const fromThere = pool.byAddress.get(remoteAddress)
  if (fromThere && perAddress > 0 && fromThere.size >= perAddress && !makeRoom(pool, fromThere)) return false
  return pool.all.size < maxConnections || makeRoom(pool, pool.all)
}

function makeRoom(pool: Pool, among: ReadonlySet<Connection>): boolean {
  const spared = findDispensable(among)
  if (!spared) return false
  remove(pool, spared)
  spared.socket.destroy()
  return true
}

function add(pool: Pool, socket: Socket) {
  const { remoteAddress: address = '' } = socket
  const connection = { socket, address, peer: peerOf(socket), unanswered: new Set<ServerResponse>(), answeredAt: 0 }
  const fromThere = pool.byAddress.get(address) ?? new Set()
  pool.byAddress.set(address, fromThere.add(connection))
  pool.byPeer.set(connection.peer, connection)
  pool.bySocket.set(socket, connection)
  pool.all.add(connection)
  socket.once('close', () => remove(pool, connection))
}

const peerOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`

function remove(pool: Pool, connection: Connection) {
  const { address, peer } = connection
  const fromThere = pool.byAddress.get(address)
  pool.all.delete(connection)
  fromThere?.delete(connection)
  if (fromThere?.size === 0) pool.byAddress.delete(address)
  // The peer may have used its port for another connection meanwhile.
  if (pool.byPeer.get(peer) === connection) pool.byPeer.delete(peer)
}

/** Under TLS requests come from a socket of their own, which there is after the handshake. */
function replaceSocket(pool: Pool, secure: Socket) {
  const connection = pool.byPeer.get(peerOf(secure))
  if (!connection) return
  connection.socket = secure
  pool.bySocket.set(secure, connection)
}
