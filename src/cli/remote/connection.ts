/** Commands that talk to a running server, over its API. */
import type { Chime } from '@aws-sdk/client-chime'
import type { Command } from 'commander'
import type { BelfryClient } from './client.ts'
import { CommandError, exitCodes, explain } from '../output/exit.ts'
import { withExample } from '../output/flags.ts'
import { type Report, addJson, print } from '../output/report.ts'

export interface Server {
  chime: Chime
  belfry: BelfryClient
}

type Ask<Flags, Answer> = (server: Server, args: string[], flags: Flags) => Promise<Answer>

/** Makes `command` one that asks the server and prints the answer. */
export function asks<Flags>(command: Command, example: string, ask: Ask<Flags, Report>): void {
  onServer<Flags>(addJson(command), example, async (server, args, flags) =>
    print(command, await ask(server, args, flags)),
  )
}

/** Makes `command` one that asks the server and prints by itself. */
export function shows<Flags>(command: Command, example: string, show: Ask<Flags, void>): void {
  onServer<Flags>(addJson(command), example, show)
}

/** Makes `command` one that tells the server to do something; where that is done there is nothing to say. */
export function tells<Flags>(command: Command, example: string, tell: Ask<Flags, unknown>): void {
  onServer<Flags>(command, example, tell)
}

function onServer<Flags>(command: Command, example: string, act: Ask<Flags, unknown>) {
  addEndpoint(withExample(command, example)).action(() =>
    explain(async () => {
      const url = endpointOf(command.opts())
      await act(await connect(url), command.args, command.opts() as Flags).catch((error: unknown) =>
        translate(error, url),
      )
    }),
  )
}

export const addEndpoint = (command: Command): Command =>
  command.option('--endpoint-url <url>', 'where the server is (AWS_ENDPOINT_URL_CHIME, AWS_ENDPOINT_URL)')

/** The flag, else the environment as AWS's own tools read it, else where `belfry serve` listens by itself. */
export function endpointOf({ endpointUrl }: { endpointUrl?: string }): string {
  const { AWS_ENDPOINT_URL_CHIME, AWS_ENDPOINT_URL } = process.env
  const url = endpointUrl || AWS_ENDPOINT_URL_CHIME || AWS_ENDPOINT_URL || 'http://127.0.0.1:8080'
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new CommandError(exitCodes.wrongUsage, `The endpoint ${url} is not a URL.`)
  return url
}

/** Both clients sign with what AWS's tools would take: the environment, a profile, or what else the SDK knows. */
export async function connect(url: string, maxAttempts = 3): Promise<Server> {
  const [{ Chime }, { createBelfryClient }] = await Promise.all([
    import('@aws-sdk/client-chime'),
    import('./client.ts'), // It loads the signer of the SDK.
  ])
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
  const region = AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1'
  const chime = new Chime({ endpoint: url, region, maxAttempts })
  const { credentials, sha256 } = chime.config
  return { chime, belfry: createBelfryClient({ url, region, credentials, sha256 }) }
}

function translate(error: unknown, url: string): never {
  if ((error as Error).name === 'CredentialsProviderError')
    throw new CommandError(
      exitCodes.wrongUsage,
      'There are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
      { cause: error },
    )
  const reason = networkReasonOf(error)
  if (reason === undefined) throw error
  throw new CommandError(exitCodes.unavailable, `The server ${url} cannot be reached (${reason}).`, { cause: error })
}

/** `ECONNREFUSED`, say, wherever in the causes it stands. */
export function networkReasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code } = error as NodeJS.ErrnoException
  if (typeof code === 'string' && networkCodes.test(code)) return code
  if (error.name === 'TimeoutError') return 'no answer in time'
  return networkReasonOf(error.cause) ?? (error.message === 'fetch failed' ? 'bad address' : undefined)
}

/** Of sockets, of names, of TLS, and of `fetch`. */
const networkCodes =
  /^(?:E[A-Z]+|EAI_[A-Z]+|EPROTO|ERR_(?:SSL|TLS)_\w+|UND_ERR_\w+|CERT_\w+|\w+_CERT(?:_\w+)?|UNABLE_TO_\w+)$/
