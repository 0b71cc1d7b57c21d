/** A store that can be made to fail, as stores do, and be mended. */
import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { isSqlite } from './belfry.ts'

export interface Cuttable {
  /** Leads to the database, until it is cut. */
  url: string
  cut(): void
  mend(): Promise<void>
}

/** SQLite: another program holds the file. PostgreSQL: the network fails, and every connection with it. */
export const cuttable = (url: string): Promise<Cuttable> => (isSqlite(url) ? lockable(url) : proxied(url))

async function lockable(url: string): Promise<Cuttable> {
  let holder: DatabaseSync | undefined
  return {
    url,
    cut() {
      holder = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5_000 })
      holder.exec('BEGIN EXCLUSIVE')
    },
    mend: async () => holder?.close(),
  }
}

async function proxied(url: string): Promise<Cuttable> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname)
      for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
      near.pipe(far).pipe(near)
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }
  let server = await listen(0)
  const { port } = server.address() as { port: number }
  return {
    url: url.replace(target.host, `127.0.0.1:${port}`),
    cut() {
      server.close()
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    async mend() {
      server = await listen(port)
    },
  }
}
