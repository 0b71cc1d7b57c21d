/** Standard error as the destination of the log, which never stops the server. */
import { fstatSync } from 'node:fs'
import type { Writable } from 'node:stream'
import pino, { type DestinationStream } from 'pino'

/** @param format wraps the destination of the formatted lines */
export function openStandardError(format: (destination: DestinationStream) => DestinationStream): DestinationStream {
  const file = fstatSync(2)
  if (!file.isFIFO() && !file.isSocket()) return format(openFile())
  return dropWhenFull(process.stderr, format(process.stderr))
}

/** Synchronous, and errors are ignored, because a full disk under the log must not stop the service. */
function openFile(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true })
  destination.on('error', () => {})
  return destination
}

/** Some ten thousand lines. */
const keptAtMost = 4 * 1024 * 1024

/**
 * Keeps lines while the reader of a pipe is slow, up to a bound, and then drops them. When it reads again, a line says how many.
 * @param lines writes to the pipe
 */
export function dropWhenFull(pipe: Writable, lines: DestinationStream, atMost = keptAtMost): DestinationStream {
  let dropped = 0
  const tell = () => {
    if (dropped > 0) lines.write(describe(dropped))
    dropped = 0
  }
  pipe.on('error', () => {}).on('drain', tell)
  return {
    write(line) {
      if (pipe.writableLength >= atMost) dropped++
      else {
        tell()
        lines.write(line)
      }
    },
  }
}

const warn = pino.levels.values['warn']

const describe = (dropped: number) =>
  `${JSON.stringify({ level: warn, time: new Date().toISOString(), dropped, msg: 'log lines were dropped: nobody read them' })}\n`
