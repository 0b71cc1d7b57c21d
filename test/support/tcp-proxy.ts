import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { afterTests } from './clean-up.ts'

export interface TcpProxy {
  /** The given URL, with the address of the proxy. */
  url: string
  /** Drops every connection and refuses new ones. */
  cut(): void
  /** Accepts connections again, on the same port. */
  restore(): Promise<void>
}

/** Returns what the client receives in place of a chunk from the server; undefined drops the chunk. */
type Rewrite = (chunk: Buffer, client: Socket) => Buffer | undefined

/** Starts a TCP proxy in front of a PostgreSQL server. It is closed after the tests of the file. */
export async function startTcpProxy(url: string, rewrite: Rewrite = (chunk) => chunk): Promise<TcpProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const accept = (client: Socket) => {
    const server = connect(Number(target.port), target.hostname)
    for (const socket of forward(client, server, rewrite)) sockets.add(socket)
  }
  let listener = await listen(accept, 0)
  const { port } = listener.address() as { port: number }
  const cut = () => {
    listener.close()
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  afterTests(cut)
  return {
    url: url.replace(target.host, `127.0.0.1:${port}`),
    cut,
    async restore() {
      listener = await listen(accept, port)
    },
  }
}

async function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  const listener = createServer(accept).listen(port, '127.0.0.1')
  await once(listener, 'listening')
  return listener
}

/** Connects the two sockets: when one closes, the other closes as soon as its data is written. */
function forward(client: Socket, server: Socket, rewrite: Rewrite): readonly Socket[] {
  client.on('error', () => {}).on('close', () => server.destroySoon())
  server.on('error', () => {}).on('close', () => client.destroySoon())
  client.pipe(server)
  server.on('data', (chunk: Buffer) => {
    const passed = rewrite(chunk, client)
    if (passed) client.write(passed)
  })
  return [client, server]
}
