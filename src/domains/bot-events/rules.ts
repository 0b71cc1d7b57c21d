import { createHmac, randomInt } from 'node:crypto'
import { badRequest } from '../../contract/errors.ts'
import type { Row } from '../../database/schema/tables.ts'
import { shift } from '../../primitives/time.ts'

type Bot = Row<'bots'>

/** Where the events of a bot are sent; exactly one of the two is set. */
export type Destination = Pick<Bot, 'https_endpoint' | 'lambda_arn'>

const lambdaArn = /^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/

/** Exactly one must be given. [documented; the refusal of both inferred] */
export function readDestination(endpoint: string | undefined, functionArn: string | undefined): Destination {
  if ((endpoint === undefined) === (functionArn === undefined))
    throw badRequest('Either OutboundEventsHTTPSEndpoint or LambdaFunctionArn must be given')
  if (functionArn !== undefined && !lambdaArn.test(functionArn))
    throw badRequest('LambdaFunctionArn must be the ARN of a Lambda function')
  return { https_endpoint: endpoint ?? null, lambda_arn: functionArn ?? null }
}

/** Twenty digits, as in the published sample. */
export const newChallenge = (): string =>
  Array.from({ length: 2 }, () => String(randomInt(10 ** 10)).padStart(10, '0')).join('')

/**
 * Whether the response repeats the challenge: `{"Challenge":"<the same>"}`. [documented] Some frameworks begin it with a
 * byte order mark.
 */
export function isMet(challenge: string, body: string): boolean {
  try {
    return (JSON.parse(body.replace(/^\uFEFF/, '')) as { Challenge?: unknown } | null)?.Challenge === challenge
  } catch {
    return false
  }
}

/** Base64 of HMAC-SHA256 over `<time>|<body>`. [documented] */
export const signatureOf = (securityToken: string, timestamp: string, body: string): string =>
  createHmac('sha256', securityToken).update(`${timestamp}|${body}`).digest('base64')

/** Whether the bot is enabled and has a destination; otherwise no events are queued for it. */
export const isListening = ({ disabled, https_endpoint, lambda_arn }: Bot): boolean =>
  disabled === 0 && (https_endpoint !== null || lambda_arn !== null)

/** Two more attempts, after 200 and then 400 ms. [documented] */
const pausesMs = [200, 400]
/** Longer than an attempt can take, so when the lease ends the process that made the attempt has died. */
const leaseMs = 10_000

export const leaseUntil = (now: string): string => shift(now, leaseMs)

/** Whether the allowed attempts are used up. More can have been counted if processes died during them. */
export const isSpent = (attempts: number): boolean => attempts > pausesMs.length + 1

/** When the next attempt is due, or undefined if the event is to be dropped. @param attempts made so far */
export function nextAttempt(attempts: number, now: string): string | undefined {
  const pause = pausesMs[attempts - 1]
  return pause === undefined ? undefined : shift(now, pause)
}

/**
 * Whether the text mentions the bot: `@` and its name, with or without ` (Bot)`, or `@name@domain` as in the published
 * sample, or its address. Case-insensitive. [form documented by sample, the rest inferred]
 */
export function mentions(content: string, { display_name, bot_email }: Bot): boolean {
  const name = display_name.replace(/ \(Bot\)$/, '')
  const domain = bot_email.slice(bot_email.lastIndexOf('@') + 1)
  return [name, display_name, `${name}@${domain}`, bot_email].some((alias) => isMentioned(content, alias))
}

function isMentioned(content: string, alias: string): boolean {
  const [text, mark] = [content.toLowerCase(), `@${alias.toLowerCase()}`]
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + mark.length])) return true
  return false
}

const isWordCharacter = (character = '') => /[\p{L}\p{N}_@-]/u.test(character)

/** Mentioning a disabled bot is an error. [documented] */
export function assertNotStopped(bots: readonly Bot[]): void {
  if (bots.some(({ disabled }) => disabled === 1)) throw badRequest('The bot is disabled')
}
