import pino, { type DestinationStream, type Logger } from 'pino'

export type Log = Logger

/** One JSON line per event, on standard error: standard output belongs to the ready line. */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describe } },
    destination,
  )
}

/** Only what cannot hold a caller's data: drivers put rows into `detail` and parameters beside it. */
function describe(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return { type: error.name, message: error.message, code, errcode, stack: error.stack }
}
