/** Many connections at once that all send the same and then nothing more. */
import { type Socket, connect } from 'node:net'
import { expect } from 'vitest'

export interface Crowd {
  /** How many of them the server has not closed. */
  countOpen(): number
  leave(): void
}

/** Resolves when each has connected and sent its bytes, or has failed to. */
export async function gatherCrowd(url: string, count: number, bytes: string | Buffer): Promise<Crowd> {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  for (let begun = 0; begun < count; begun++) sockets.push(connect(Number(port), hostname).on('error', () => {}))
  const sent = new WeakSet<Socket>()
  for (const socket of sockets) socket.resume().write(bytes, () => sent.add(socket))
  const isSettled = (socket: Socket) => socket.closed || sent.has(socket)
  await expect.poll(() => sockets.every(isSettled), { timeout: 30_000 }).toBe(true)
  return {
    countOpen: () => sockets.filter((socket) => !socket.closed).length,
    leave() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
