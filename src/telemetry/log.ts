/** The log: one line per event, on standard error because standard output belongs to the ready line. */
import pino, { type DestinationStream, type Logger } from 'pino'
import { describeFault } from './fault.ts'
import { openStandardError } from './standard-error.ts'

export type Log = Logger

export type LogFormat = 'auto' | 'json' | 'text'

/** One JSON line per event. */
export function createLog(level: string, destination: DestinationStream): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeFault } },
    destination,
  )
}

/** On standard error; `auto` is text on a terminal. The formatter is loaded only if it is needed. */
export async function openLog(level: string, format: LogFormat): Promise<Log> {
  const isText = format === 'auto' ? process.stderr.isTTY : format === 'text'
  const formatter = isText ? (await import('./log-text.ts')).toText : (destination: DestinationStream) => destination
  return createLog(level, openStandardError(formatter))
}
