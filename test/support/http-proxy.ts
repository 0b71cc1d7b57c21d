/** What stands between clients and servers: requests go through as they came. */
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'
import { onTestFinished } from 'vitest'

export interface Proxy {
  url: string
}

export async function startProxy(pass: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<Proxy> {
  // Longer than clients keep a connection, lest one dies just as it is used again.
  const server = createServer({ keepAliveTimeout: 600_000 }, pass).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}` }
}

/** Sends a request on, and its answer back; where the server breaks off, the client's connection breaks as well. */
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
