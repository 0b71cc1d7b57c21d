/** Checks a running server. */
import { type Check, check } from './check.ts'
import { assertSendable, connect } from '../remote/connection.ts'

const timeoutMs = 5_000

/** @param expected whether an unreachable server is a failure */
export async function* checkServer(url: string, expected: boolean): AsyncGenerator<Check> {
  const health = await get(url, '/health').catch(reasonOf)
  const answers = await check('server', () => lookAtHealth(health, url))
  yield typeof health === 'string' ? { ...answers, Ok: !expected } : answers
  if (typeof health !== 'string' && health.ok) yield* checkService(url, health)
}

async function* checkService(url: string, health: Response): AsyncGenerator<Check> {
  yield await check('readiness', () => lookAtReadiness(url))
  yield await check('server clock', () => lookAtDate(health))
  yield await check('signed call', () => lookAtSigning(url))
}

const get = (url: string, path: string) => fetch(new URL(path, url), { signal: AbortSignal.timeout(timeoutMs) })

/** The reason of a failed request, such as ECONNREFUSED or a certificate error. */
function reasonOf({ message, cause }: Error & { cause?: { code?: string } }): string {
  return cause?.code ?? message
}

/** @param health the response, or the reason of a failed request */
function lookAtHealth(health: Response | string, url: string): string {
  if (typeof health === 'string') throw new Error(`None answers at ${url} (${health}); belfry serve starts one.`)
  if (!health.ok) throw new Error(`What answers at ${url} is not Belfry; check the endpoint.`)
  return `It answers at ${url}.`
}

async function lookAtReadiness(url: string): Promise<string> {
  const { status } = await get(url, '/ready')
  if (status !== 200) throw new Error(`It answers ${status}: its database cannot be read; look at its log.`)
  return 'It can serve.'
}

/** The server's default tolerance for the time of signatures. */
const skewMs = 900_000

/** Throws if the clocks differ by more than the tolerance for signatures. */
export function lookAtDate({ headers }: Pick<Response, 'headers'>): string {
  const offset = Date.parse(headers.get('date') ?? '') - Date.now()
  const seconds = Math.round(Math.abs(offset) / 1000)
  if (!(Math.abs(offset) < skewMs)) throw new Error(`It is ${seconds} s off ours; set the wrong one right.`)
  return `It is ${seconds} s off ours.`
}

async function lookAtSigning(url: string): Promise<string> {
  const { chime } = await connect(url, 1)
  try {
    assertSendable(await chime.config.credentials())
    await chime.getGlobalSettings({})
    return 'The signature is good.'
  } catch (error) {
    const { name, message } = error as Error
    if (name === 'CredentialsProviderError') return 'None was made: there are no AWS credentials.'
    if (name === 'AccessDeniedException')
      return 'The signature is good; the policy of the key does not allow everything.'
    throw new Error(`${name}: ${message.replace(/\.?$/, ';')} check the credentials.`, { cause: error })
  }
}
