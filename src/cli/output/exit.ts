/** How a command ends: what went wrong in one sentence on standard error, and an exit code that says whose turn it is. */
import { ConfigError } from '../../config.ts'
import { SealError } from '../../identity/sealing.ts'
import { printable } from './table.ts'

export const exitCodes = { ok: 0, fault: 1, wrongUsage: 2, refused: 3, unavailable: 4 } as const
type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** For `belfry --help`, and for the reference. */
export const exitCodeMeanings: Record<ExitCode, string> = {
  0: 'done',
  1: 'a fault, or the server cannot start, or doctor or verify found something',
  2: 'wrong usage or settings, or no credentials',
  3: 'the server refused (4xx): a second try will be refused as well',
  4: 'the server cannot be reached, is asked too often (429), or cannot serve (5xx): try again later',
}

/** What the command line itself refuses; the message is one sentence for whoever typed it. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** What the user can mend is told in one sentence; anything else is a fault, and shown whole. */
export async function explain(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    const exitCode = await exitCodeOf(error)
    if (exitCode === undefined) throw error
    process.stderr.write(`belfry: ${printable(sentenceOf(error as Error))}\n`)
    process.exitCode = exitCode
  }
}

async function exitCodeOf(error: unknown): Promise<ExitCode | undefined> {
  if (error instanceof CommandError) return error.exitCode
  if (error instanceof ConfigError) return exitCodes.wrongUsage
  const status = statusOf(error)
  if (status === undefined) return (await isKnownFault(error)) ? exitCodes.fault : undefined
  return status >= 400 && status < 500 && status !== 429 ? exitCodes.refused : exitCodes.unavailable
}

/** The server is loaded only to ask: commands that talk to one elsewhere do without. */
async function isKnownFault(error: unknown) {
  const { StartError } = await import('../../open-store.ts')
  const { CertificateError } = await import('../../service/tls.ts')
  return [StartError, SealError, CertificateError].some((known) => error instanceof known)
}

/** Of an answer of the server, whether the SDK read it or `client.ts`. */
const statusOf = (error: unknown) => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode

const sentenceOf = (error: Error) => (statusOf(error) === undefined ? error.message : `${error.name}: ${error.message}`)
