/** The log for people at a terminal: the same lines, coloured, without the fields for machines. */
import type { DestinationStream } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { RequestLine } from './request-line.ts'

/** Turns each JSON line into text before it is written. */
export function toText(destination: DestinationStream): DestinationStream {
  const print = prettyFactory({
    colorize: process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
    translateTime: 'HH:MM:ss.l',
    ignore: inMessage.join(','),
    messageFormat: (line) => (line['msg'] === 'request' ? describe(line) : String(line['msg'])),
  })
  return { write: (line) => destination.write(print(line)) }
}

/** The fields that the message of a request repeats. */
const inMessage = ['status', 'operation', 'ms', 'error', 'principal', 'attempt', 'requestId']

type Line = Partial<RequestLine & { status: number; ms: number }>

function describe({ status, operation, ms, error, principal, attempt = 1, requestId }: Line) {
  const again = attempt > 1 ? `attempt ${attempt}` : undefined
  const words = [status, operation, error, `${ms} ms`, principal, again, requestId]
  return words.filter((word) => word !== undefined).join('  ')
}
