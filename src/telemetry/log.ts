import pino, { type DestinationStream, type Logger } from 'pino'

export type Log = Logger

/** One JSON line per event, on standard error: standard output belongs to the ready line. */
export function createLog(level: string, destination: DestinationStream = standardError()): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describe } },
    destination,
  )
}

/** Written at once, and lost where it cannot be written: a full disk under the log must not stop the service. */
function standardError(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true })
  destination.on('error', () => {})
  return destination
}

/** Only what cannot hold a caller's data: drivers put rows into `detail` and parameters beside it. */
function describe(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return { type: error.name, message: error.message, code, errcode, stack: error.stack }
}
