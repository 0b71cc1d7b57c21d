/** Sends answers, on Node's response or on a bare socket. */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import type { Clock } from '../primitives/clock.ts'
import { memoizeLast } from '../primitives/memoize-last.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import { renderError } from './render.ts'

export interface RespondOptions {
  clock: Clock
  /** Called for each request that is refused here and so never gets to an operation. */
  noteRefusal(requestId: string, thrown: unknown): void
}

export function send(response: ServerResponse, id: string, clock: Clock, answer: HttpAnswer): void {
  response.writeHead(answer.status, headersOf(id, clock, answer))
  response.end(answer.body)
}

const httpDate = memoizeLast((seconds: number) => new Date(seconds * 1000).toUTCString())

/** Names and values in turn. A 204 has a content type, but neither body nor length, as the original's had. */
function headersOf(id: string, clock: Clock, { status, headers, body }: HttpAnswer): string[] {
  const fields = ['x-amzn-RequestId', id, 'Date', httpDate(Math.floor(clock().getTime() / 1000))]
  if (headers['Content-Type'] === undefined) fields.push('Content-Type', 'application/json')
  if (status !== 204) fields.push('Content-Length', String(Buffer.byteLength(body)))
  for (const name in headers) fields.push(name, headers[name] ?? '')
  return fields
}

/** Reports a refusal, and renders its answer. */
export function renderRefusal(id: string, thrown: unknown, { noteRefusal }: RespondOptions): HttpAnswer {
  noteRefusal(id, thrown)
  return renderError(thrown)
}

/** Refuses on a socket for which Node has no response to write to, and closes it. */
export function refuseConnection(socket: Duplex, name: ErrorName, message: string, options: RespondOptions): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const id = randomUUID()
  const answer = renderRefusal(id, new ServiceError(name, message), options)
  const fields = [...headersOf(id, options.clock, answer), 'Connection', 'close']
  const head = fields.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${fields[index + 1]}`] : []))
  closeConnection(socket, [`HTTP/1.1 ${answer.status} ${name}`, ...head, '', answer.body].join('\r\n'))
}

const parserErrors: Readonly<Record<string, [ErrorName, string]>> = {
  HPE_HEADER_OVERFLOW: ['RequestHeaderFieldsTooLargeException', 'The header section of the request is too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RequestTimeoutException', 'The request took too long to arrive'],
}

export function refuseUnparsable(error: NodeJS.ErrnoException, socket: Duplex, options: RespondOptions): void {
  const [name, message] = parserErrors[error.code ?? ''] ?? [
    'MalformedHttpRequestException',
    'The request is not valid HTTP/1.1',
  ]
  refuseConnection(socket, name, message, options)
}

/** Waits a second for the peer to close as well: Node reports a time-out only once, so a silent peer would stay. */
export function closeConnection(socket: Duplex, lastWord = ''): void {
  socket.end(lastWord)
  socket.resume()
  setTimeout(() => socket.destroy(), 1_000).unref()
}
