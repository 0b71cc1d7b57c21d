/** Gives a command an action that calls a running server over its API. */
import type { Command } from 'commander'
import { CommandError, exitCodes, explain } from '../output/exit.ts'
import { withExample } from '../output/flags.ts'
import { type Report, addJson, print } from '../output/report.ts'
import { type Server, addEndpoint, assertSendable, connect, endpointOf } from './connection.ts'

type Action<Flags, Result> = (server: Server, args: string[], flags: Flags) => Promise<Result>

/** Prints the report that `action` returns, as JSON with `--json`. */
export function withReport<Flags>(command: Command, example: string, action: Action<Flags, Report>): void {
  withServer<Flags>(addJson(command), example, async (server, args, flags) =>
    print(command, await action(server, args, flags)),
  )
}

/** Prints nothing: `action` does so itself if it has something to say. */
export function withServer<Flags>(command: Command, example: string, action: Action<Flags, unknown>): void {
  addEndpoint(withExample(command, example)).action(() =>
    explain(async () => {
      const url = endpointOf(command.opts())
      const server = await connect(url)
      await assertCredentials(server)
        .then(() => action(server, command.args, command.opts() as Flags))
        .catch((error: unknown) => translate(error, url))
    }),
  )
}

const assertCredentials = async ({ chime }: Server) => assertSendable(await chime.config.credentials())

function translate(error: unknown, url: string): never {
  if (error instanceof CommandError) throw error
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

/** The error code, such as `ECONNREFUSED`, at any depth of the causes. */
function networkReasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code } = error as NodeJS.ErrnoException
  if (typeof code === 'string' && networkCodes.test(code)) return code
  if (error.name === 'TimeoutError') return 'no answer in time'
  return networkReasonOf(error.cause) ?? (error.message === 'fetch failed' ? 'bad address' : undefined)
}

/** Error codes of sockets, DNS, TLS and `fetch`. */
const networkCodes =
  /^(?:E[A-Z]+|EAI_[A-Z]+|EPROTO|ERR_(?:SSL|TLS)_\w+|UND_ERR_\w+|CERT_\w+|\w+_CERT(?:_\w+)?|UNABLE_TO_\w+)$/
