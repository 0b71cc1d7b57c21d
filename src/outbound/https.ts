/** HTTPS to endpoints that clients name: public addresses only, checked certificates, limits, no redirects. */
import type { IncomingMessage } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { rootCertificates } from 'node:tls'
import { type Outbound, type OutboundAnswer, OutboundError } from '../domains/outbound.ts'
import { type Target, findTarget } from './targets.ts'

/** From the lookup of the name to the last byte of the answer. [documented] */
const withinMs = 2_000
const answerAtMost = 64 * 1024

/** @param allow hosts, addresses and ranges that may be called although they are not public */
export function createPost(allow: readonly string[], ca?: string): Outbound['post'] {
  const trust = ca === undefined ? {} : { ca: [...rootCertificates, ca] }
  return async (text, headers, body) => {
    const url = readUrl(text)
    const signal = AbortSignal.timeout(withinMs)
    const target = await orTimeOut(findTarget(url.hostname, allow), signal)
    const options = { ...trust, ...pin(target), method: 'POST', headers: describe(headers, body), signal }
    return orTimeOut(exchange(url, options, body), signal)
  }
}

/** Throws `OutboundError`. */
export function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:') throw new OutboundError('is not an https:// URL', { isFinal: true })
  if (url.username !== '' || url.password !== '')
    throw new OutboundError('has a user or a password in its URL', { isFinal: true })
  return url
}

/** Connects to the checked address, because the name may resolve to another one by now (DNS rebinding). */
const pin = ({ address, family }: Target): RequestOptions => ({
  agent: false,
  lookup: (_host, options, found) => {
    if (options.all) found(null, [{ address, family }])
    else found(null, address, family)
  },
})

const describe = (headers: Readonly<Record<string, string>>, body: string) => ({
  'Content-Type': 'application/json',
  'Content-Length': String(Buffer.byteLength(body)),
  'User-Agent': 'Belfry',
  ...headers,
})

function exchange(url: URL, options: RequestOptions, body: string): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      readAnswer(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, body: answer }),
        (error: unknown) => reject(explain(error)),
      )
    })
    outgoing.on('error', (error) => reject(explain(error)))
    // For an answer that switches protocols Node emits neither a response nor an error.
    outgoing.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy()
      resolve({ status: statusCode, body: '' })
    })
    outgoing.end(body)
  })
}

async function readAnswer(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > answerAtMost) throw new OutboundError('answered too much')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function orTimeOut<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const timeOut = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(tookTooLong()), { once: true })
  })
  return Promise.race([work, timeOut])
}

const tookTooLong = (cause?: unknown) =>
  new OutboundError(`did not answer within ${withinMs / 1000} seconds`, { cause })

function explain(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error
  const { name, code = '' } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || name === 'AbortError') return tookTooLong(error)
  if (/CERT|SIGNATURE|ISSUER/.test(code))
    return new OutboundError('has a certificate that is not trusted', { cause: error })
  return new OutboundError('cannot be reached', { cause: error })
}
