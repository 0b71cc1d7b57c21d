/** An HTTP proxy that forwards requests unchanged. */
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'
import { onTestFinished } from 'vitest'

export interface Proxy {
  url: string
}

export async function startProxy(pass: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<Proxy> {
  // Longer than the keep-alive of clients, so that no connection is closed while a client reuses it.
  const server = createServer({ keepAliveTimeout: 600_000 }, pass).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}` }
}

/** Forwards a request and its response. If the server closes the connection, the client's connection is closed too. */
export function relay(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  answerWith = (answer: IncomingMessage) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  },
): void {
  const { method, url = '', headers } = incoming
  const onward = request(new URL(url, target), { method, path: url, headers }, answerWith)
  onward.on('error', () => response.destroy())
  incoming.pipe(onward)
}
