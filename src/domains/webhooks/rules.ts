import { randomBytes } from 'node:crypto'
import { ServiceError, badRequest, limitExceeded } from '../../contract/errors.ts'
import { shift } from '../../primitives/time.ts'
import { isSecretOf } from '../../primitives/digest.ts'
import type { WebhookUrlRow } from './store.ts'

/** [documented] */
const webhooksAtMost = 10
/** Size of a message in bytes. [documented] */
const contentAtMost = 4096
/** Between two messages through one URL. [documented] */
const intervalMs = 1000
/** `@All` and `@Present` can be used in rooms with at most this many members. [documented] */
const calloutMembersAtMost = 50

/** @param count number of webhooks that the room has already */
export function assertWebhookFits(count: number): void {
  if (count >= webhooksAtMost) throw limitExceeded(webhooksAtMost, 'webhooks per room')
}

export const newToken = (): string => randomBytes(48).toString('base64url')

/** In the form of the original's URLs: `…/incomingwebhooks/<id>?token=<token>`. [documented] */
export const writeUrl = (publicUrl: string, urlId: string, token: string): string =>
  `${publicUrl}/incomingwebhooks/${urlId}?token=${token}`

/** 403 for an unknown URL, 404 for a revoked or expired one. [documented] */
export function assertAlive(url: WebhookUrlRow | undefined, token: string, now: string): asserts url is WebhookUrlRow {
  if (!url || !isSecretOf(url.token_hash, token))
    throw new ServiceError('ForbiddenException', 'The webhook URL is not valid')
  if (url.revoked_at !== null || (url.expires_at !== null && url.expires_at <= now)) throw gone()
}

export const gone = (): ServiceError => new ServiceError('NotFoundException', 'The webhook URL is no longer in use')

/** Throws `ThrottledClientException`. */
export function assertNotTooSoon({ last_posted_at }: WebhookUrlRow, now: string): void {
  if (last_posted_at !== null && now < shift(last_posted_at, intervalMs))
    throw new ServiceError('ThrottledClientException', 'Rate exceeded', { retryAfter: 1 })
}

/** Reads `{"Content": …}`; the content is Markdown. */
export function readContent(document: Readonly<Record<string, unknown>>): string {
  const content = Object.hasOwn(document, 'Content') ? document['Content'] : undefined
  if (content == null) throw badRequest('Content is missing: the body must be {"Content":"the message"}')
  if (typeof content !== 'string' || content.trim() === '') throw badRequest('Content must be a text that is not blank')
  if (content.includes('\0') || !content.isWellFormed())
    throw badRequest('Content must be well-formed Unicode without NUL')
  if (Buffer.byteLength(content) > contentAtMost)
    throw new ServiceError('RequestEntityTooLargeException', `A message may have ${contentAtMost} bytes at most`)
  return content
}

export function assertCalloutFits(content: string, members: number): void {
  if (members > calloutMembersAtMost && /(?<![\w@])@(?:All|Present)(?!\w)/i.test(content))
    throw badRequest(`@All and @Present are for rooms of ${calloutMembersAtMost} members at most`)
}
