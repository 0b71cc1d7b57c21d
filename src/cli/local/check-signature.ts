/** Diagnoses a refused signature: makes a harmless signed call and derives the failing check from the response. */
import type { Chime } from '@aws-sdk/client-chime'
import { basicTime, canonicalRequest, sign, signingKey, stringToSign } from '../../identity/canonical.ts'
import { type RawRequest, toHeaders } from '../../wire/request.ts'
import { type Check, check } from './check.ts'
import { lookAtDate } from './check-server.ts'
import { assertSendable, connect } from '../remote/connection.ts'

type Credentials = Awaited<ReturnType<Chime['config']['credentials']>>

interface Signer {
  region: string
  credentials: Credentials
}

interface Answer {
  name: string
  message: string
  headers: Headers
  region: string
  accessKeyId: string
  hasToken: boolean
  /** The canonical request, masked as in the server's explanations. */
  canonical: string
}

/** In the order of the server's checks. Stops at the first failure, because later checks were not reached. */
export async function* checkSignature(url: string): AsyncGenerator<Check> {
  let signer: Signer | undefined
  yield await check('credentials', async () => {
    signer = await findSigner(url)
    const { accessKeyId, sessionToken } = signer.credentials
    return `The access key is ${accessKeyId}${sessionToken === undefined ? '' : ', with a session token'}.`
  })
  if (signer) yield* checkCall(url, signer)
}

async function* checkCall(url: string, signer: Signer): AsyncGenerator<Check> {
  let answer: Answer | undefined
  yield await check('server', async () => show((answer = await ask(url, signer)), url))
  if (answer) yield* checkAnswer(answer)
}

async function findSigner(url: string): Promise<Signer> {
  const { config } = (await connect(url, 1)).chime
  return { region: await config.region(), credentials: await findCredentials(config) }
}

async function findCredentials({ credentials }: Chime['config']): Promise<Credentials> {
  const found = await credentials().catch((cause: unknown) => {
    throw new Error('There are none: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.', { cause })
  })
  assertSendable(found)
  return found
}

const show = ({ headers }: Answer, url: string) =>
  `It answers at ${url}; its log knows the call as ${headers.get('x-amzn-RequestId') ?? 'nothing'}.`

async function* checkAnswer(answer: Answer): AsyncGenerator<Check> {
  for (const [name, look] of Object.entries(looks)) {
    const found = await check(name, () => look(answer))
    yield found
    if (!found.Ok) return
  }
}

const looks: Readonly<Record<string, (answer: Answer) => string>> = {
  'server clock': lookAtClock,
  region: lookAtRegion,
  'access key': lookAtKey,
  signature: lookAtSignature,
}

function lookAtClock({ headers, message }: Answer): string {
  const found = lookAtDate({ headers })
  if (/^Signature (?:expired|not yet current)/.test(message)) throw new Error(`${found} ${message}`)
  return found
}

function lookAtRegion({ message, region }: Answer): string {
  if (message.includes('scoped to a valid region'))
    throw new Error(`The server takes no signatures for ${region}; set AWS_REGION to one of its BELFRY_REGIONS.`)
  return `Signed for ${region}.`
}

function lookAtKey({ name, accessKeyId, hasToken }: Answer): string {
  if (name === 'ExpiredTokenException') throw new Error('The session has ended; get new credentials.')
  if (name === 'UnauthorizedClientException') throw new Error(`${accessKeyId} is switched off; belfry key enable.`)
  if (name !== 'UnrecognizedClientException') return `The server knows ${accessKeyId}.`
  const reason = hasToken ? ', or the session token is not its own' : ', or it needs a session token'
  throw new Error(`The server does not know ${accessKeyId}${reason}; belfry key list shows those it knows.`)
}

function lookAtSignature({ name, message, canonical }: Answer): string {
  if (name === '') return 'It is good.'
  if (name === 'AccessDeniedException') return 'It is good; the policy of the key does not allow everything.'
  if (name !== 'InvalidSignatureException') throw new Error(`${name}: ${message}`)
  throw new Error(compare(canonical, message))
}

/** @param message from the server; may contain the canonical request it expected */
function compare(canonical: string, message: string): string {
  const [, told] = /The Canonical String for this request should have been\n'([\s\S]*?)'\n\n/.exec(message) ?? []
  if (told === undefined)
    return 'Either the secret access key is another one, or the request was changed on the way: a proxy must hand on the Host header as it came. BELFRY_EXPLAIN_SIGNATURES=1 at the server tells which.'
  const [ours, theirs] = [canonical.split('\n'), told.split('\n')]
  const at = ours.findIndex((line, index) => line !== theirs[index])
  if (at < 0) return 'Both sides sign the same text, so the secret access key is another one.'
  return `What was signed as '${ours[at]}' came to the server as '${theirs[at] ?? ''}': something between changes it.`
}

const timeoutMs = 5_000

async function ask(url: string, { region, credentials }: Signer): Promise<Answer> {
  const { accessKeyId, sessionToken } = credentials
  const { target, ...signed } = signCall(url, region, credentials)
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = await fetch(target, { headers: signed.headers, signal, redirect: 'manual' }).catch(() => {
    throw new Error(`None answers at ${url}; belfry serve starts one.`)
  })
  const document = JSON.parse((await answer.text()) || '{}') as { Message?: string; message?: string }
  const { Message = '', message = Message } = document
  const name = answer.ok ? '' : (answer.headers.get('x-amzn-ErrorType') ?? `The status ${answer.status}`)
  const { canonical } = signed
  return {
    name,
    message,
    headers: answer.headers,
    region,
    accessKeyId,
    hasToken: sessionToken !== undefined,
    canonical,
  }
}

/** `GET /settings`, which changes nothing. */
function signCall(url: string, region: string, { accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  const { host, pathname, origin } = new URL(url)
  const target = `${pathname.replace(/\/$/, '')}/settings`
  const time = basicTime(new Date())
  const token = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }
  const headers = { host, 'x-amz-date': time, ...token }
  const names = Object.keys(headers)
  const scope = `${time.slice(0, 8)}/${region}/chime/aws4_request`
  const request: RawRequest = { method: 'GET', target, headers: toHeaders(headers), body: Buffer.alloc(0) }
  const canonical = canonicalRequest(request, names)
  const signature = sign(signingKey(secretAccessKey, scope), stringToSign(time, scope, canonical))
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return {
    target: origin + target,
    headers: { authorization, 'x-amz-date': time, ...token },
    canonical: canonical.replace(/^x-amz-security-token:.*$/m, 'x-amz-security-token:***'),
  }
}
