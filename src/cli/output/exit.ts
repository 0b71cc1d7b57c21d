/** How a command ends: an error in one sentence on standard error, and an exit code. */
import { ConfigError } from '../../config.ts'
import { SealError } from '../../identity/sealing.ts'
import { printable } from './table.ts'

export const exitCodes = { ok: 0, fault: 1, wrongUsage: 2, refused: 3, unavailable: 4 } as const
type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** For `belfry --help` and the reference. */
export const exitCodeMeanings: Record<ExitCode, string> = {
  0: 'done',
  1: 'a fault, or the server cannot start, or doctor or verify found something',
  2: 'wrong usage or settings, or no credentials',
  3: 'the server refused (4xx): a second try will be refused as well',
  4: 'the server cannot be reached, is asked too often (429), or cannot serve (5xx): try again later',
}

/** An error of the command line itself; the message is one sentence for the user. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Reports errors that the user can fix in one sentence; any other error is a fault and shown with its stack. */
export async function explain(command: () => Promise<void>): Promise<void> {
  process.stdout.on('error', explainUnwritten)
  try {
    await command()
  } catch (error) {
    const exitCode = await exitCodeOf(error)
    if (exitCode === undefined) throw error
    process.stderr.write(`belfry: ${printable(sentenceOf(error as Error))}\n`)
    process.exitCode = exitCode
  }
}

/** Readers such as `head` close the pipe early, and a server needs no standard output. */
function explainUnwritten({ code, message }: NodeJS.ErrnoException) {
  if (code === 'EPIPE') return
  process.stderr.write(`belfry: Standard output cannot be written: ${message}.\n`)
  process.exitCode = exitCodes.fault
}

async function exitCodeOf(error: unknown): Promise<ExitCode | undefined> {
  if (error instanceof CommandError) return error.exitCode
  if (error instanceof ConfigError) return exitCodes.wrongUsage
  const status = statusOf(error)
  if (status === undefined) return (await isKnownFault(error)) ? exitCodes.fault : undefined
  return status >= 400 && status < 500 && status !== 429 ? exitCodes.refused : exitCodes.unavailable
}

/** Imports these modules lazily, because remote commands do not need them. */
async function isKnownFault(error: unknown) {
  const { StartError } = await import('../../open-store.ts')
  const { CertificateError } = await import('../../service/tls.ts')
  return [StartError, SealError, CertificateError].some((known) => error instanceof known)
}

/** The HTTP status of an error from the server, whether thrown by the SDK or by `client.ts`. */
const statusOf = (error: unknown) => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode

const sentenceOf = (error: Error) => (statusOf(error) === undefined ? error.message : `${error.name}: ${error.message}`)
