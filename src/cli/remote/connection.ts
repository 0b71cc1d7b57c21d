/** The running server that remote commands call, and the two clients to call it with. */
import type { Chime } from '@aws-sdk/client-chime'
import type { Command } from 'commander'
import type { BelfryClient } from './client.ts'
import { CommandError, exitCodes } from '../output/exit.ts'

export interface Server {
  chime: Chime
  belfry: BelfryClient
}

export const addEndpoint = (command: Command): Command =>
  command.option('--endpoint-url <url>', 'where the server is (AWS_ENDPOINT_URL_CHIME, AWS_ENDPOINT_URL)')

/** The flag, else the variables of AWS's own tools, else the address at which `belfry serve` listens by default. */
export function endpointOf({ endpointUrl }: { endpointUrl?: string }): string {
  const { AWS_ENDPOINT_URL_CHIME, AWS_ENDPOINT_URL } = process.env
  const url = endpointUrl || AWS_ENDPOINT_URL_CHIME || AWS_ENDPOINT_URL || 'http://127.0.0.1:8080'
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new CommandError(exitCodes.wrongUsage, `The endpoint ${url} is not a URL.`)
  return url
}

/** Both clients sign with the credentials that the SDK finds, as AWS's tools do: environment, profile and so on. */
export async function connect(url: string, maxAttempts = 3): Promise<Server> {
  const [{ Chime }, { createBelfryClient }] = await Promise.all([
    import('@aws-sdk/client-chime'),
    import('./client.ts'), // Imported lazily because it loads the SDK's signer.
  ])
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
  const region = AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1'
  if (!/^[\w-]+$/.test(region))
    throw new CommandError(exitCodes.wrongUsage, 'AWS_REGION must consist of letters, digits and -.')
  const chime = new Chime({ endpoint: url, region, maxAttempts })
  const { credentials, sha256 } = chime.config
  return { chime, belfry: createBelfryClient({ url, region, credentials, sha256 }) }
}

type Credentials = Awaited<ReturnType<Chime['config']['credentials']>>

/** Throws a `CommandError` for what no header can hold, a carriage return at the end of a line for example. */
export function assertSendable({ accessKeyId, sessionToken = '' }: Credentials): void {
  const part = Object.entries({ 'access key id': accessKeyId, 'session token': sessionToken }).find(([, value]) =>
    /[^!-~]/.test(value),
  )
  if (part)
    throw new CommandError(
      exitCodes.wrongUsage,
      `The ${part[0]} of the credentials has a character that none can have: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, or AWS_PROFILE.`,
    )
}
