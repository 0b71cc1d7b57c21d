/** A client for Belfry's own operations, driven by their contracts. The Chime API is called with AWS's SDK. */
import { SignatureV4 } from '@smithy/signature-v4'
import type { InputOf, Operation, OutputOf } from '../../contract/operation.ts'
import { belfryContracts } from '../../domains/contracts.ts'

type Contracts = typeof belfryContracts
export type BelfryClient = <Name extends keyof Contracts>(
  name: Name,
  input: Sent<InputOf<Contracts[Name]>>,
) => Promise<OutputOf<Contracts[Name]>>

/** Makes members that can be undefined optional. */
type Sent<Input> = { [Name in keyof Input as undefined extends Input[Name] ? never : Name]: Input[Name] } & {
  [Name in keyof Input as undefined extends Input[Name] ? Name : never]?: Input[Name]
}

interface Connection extends Pick<ConstructorParameters<typeof SignatureV4>[0], 'region' | 'credentials' | 'sha256'> {
  url: string
}

/** An error response of the server, in the form of the SDK's errors. */
export class AnswerError extends Error {
  readonly $metadata: { httpStatusCode: number }

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message)
    this.name = name
    this.$metadata = { httpStatusCode }
  }
}

const timeoutMs = 60_000

/** The client throws `AnswerError` for error responses, and the errors of `fetch`. */
export function createBelfryClient({ url, ...signing }: Connection): BelfryClient {
  const signer = new SignatureV4({ service: 'chime', ...signing })
  return async (name, input) => {
    const request = toRequest(url, belfryContracts[name], input)
    const { headers } = await signer.sign(request)
    const { method, target, body } = request
    const signal = AbortSignal.timeout(timeoutMs)
    // Redirects are not followed, because the signature is only valid here and would disclose the session token.
    const answer = await fetch(target, { method, headers, body, signal, redirect: 'manual' })
    return (await readAnswer(answer)) as OutputOf<Contracts[typeof name]>
  }
}

/** The request in the form that is signed; `target` is its URL. */
function toRequest(url: string, { binding }: Operation, input: Readonly<Record<string, unknown>>) {
  const { protocol, hostname, port, host, pathname } = new URL(url)
  const steps = binding.segments.map((step) => (typeof step === 'string' ? step : escape(String(input[step.label]))))
  const path = [pathname.replace(/\/$/, ''), ...steps].join('/')
  const query = { ...binding.queryLiterals, ...present(binding.queryMembers, input) }
  const sent = binding.bodyMembers.filter((member) => input[member] !== undefined)
  const body = sent.length > 0 ? JSON.stringify(Object.fromEntries(sent.map((name) => [name, input[name]]))) : undefined
  return {
    method: binding.method,
    protocol,
    hostname,
    ...(port !== '' && { port: Number(port) }),
    path,
    query,
    headers: { host, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body ?? null,
    target: `${protocol}//${host}${path}${toQueryString(query)}`,
  }
}

const present = (queryMembers: Readonly<Record<string, string>>, input: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(queryMembers)
      .filter(([, member]) => input[member] !== undefined)
      .map(([parameter, member]) => [parameter, String(input[member])]),
  )

function toQueryString(query: Record<string, string>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${escape(name)}=${escape(value)}`)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

/** Percent-encodes everything but letters, digits and `-_.~`, as signatures require. */
const escape = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

async function readAnswer(answer: Response): Promise<unknown> {
  const text = await answer.text()
  const document = text === '' ? {} : parse(text, answer)
  if (answer.ok) return document
  const { Message, message } = document as { Message?: string; message?: string }
  throw new AnswerError(
    answer.headers.get('x-amzn-ErrorType') ?? 'UnknownError',
    Message ?? message ?? answer.statusText,
    answer.status,
  )
}

function parse(text: string, { status }: Response): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AnswerError('UnknownError', 'What answers is not Belfry', status)
  }
}
