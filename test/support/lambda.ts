/** A local server that implements the part of the Lambda API that Belfry calls. */
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterTests } from './clean-up.ts'

export interface Invocation {
  path: string
  type: string
  /** The decoded client context. */
  context: Record<string, string> | undefined
  body: string
}

export interface Lambda {
  url: string
  calls: Invocation[]
  /** Sets the status of the next responses; undefined means success. */
  answerWith(status: number | undefined): void
}

/** Starts the server, which is closed after the tests of the file. */
export async function startLambda(): Promise<Lambda> {
  const calls: Invocation[] = []
  let status: number | undefined
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const call = await readCall(incoming)
    calls.push(call)
    response.writeHead(status ?? (call.type === 'DryRun' ? 204 : 200)).end()
  }
  const server = createServer((incoming, response) => void take(incoming, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTests(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, calls, answerWith: (next) => void (status = next) }
}

async function readCall(incoming: IncomingMessage): Promise<Invocation> {
  const { 'x-amz-client-context': context, 'x-amz-invocation-type': type } = incoming.headers
  const decoded = Buffer.from(String(context ?? ''), 'base64').toString()
  return {
    path: incoming.url ?? '',
    type: String(type),
    context: decoded === '' ? undefined : (JSON.parse(decoded) as Record<string, string>),
    body: await text(incoming),
  }
}
