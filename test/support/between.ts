/** Stands between a client and PostgreSQL, and hears what the database says. */
import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** @param tell answers what the client is to hear of it; nothing where undefined. Answers the URL that leads there. */
export async function standBetween(
  url: string,
  tell: (said: Buffer, client: Socket) => Buffer | undefined,
): Promise<string> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const)
      sockets.add(socket.on('error', () => {}).on('close', () => other.destroy()))
    near.pipe(far)
    far.on('data', (said: Buffer) => {
      const heard = tell(said, near)
      if (heard) near.write(heard)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as { port: number }
  return url.replace(target.host, `127.0.0.1:${port}`)
}
