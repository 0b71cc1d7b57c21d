import { ServiceError } from '../../contract/errors.ts'
import { newId } from '../../primitives/ids.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'
import { assertActive } from '../accounts/rules.ts'
import { findAccount } from '../accounts/store.ts'
import { findBot } from '../bots/store.ts'
import { namedResources } from '../journal/resources.ts'
import { recordEvent } from '../journal/store.ts'
import { newMessage } from '../messages/rules.ts'
import { insertMessage, roomPlace } from '../messages/store.ts'
import { countMembers } from '../room-memberships/store.ts'
import { assertAlive, assertCalloutFits, assertNotTooSoon, gone, readContent } from './rules.ts'
import { type WebhookUrlRow, findUrl, notePost } from './store.ts'

export interface IncomingPost {
  urlId: string
  token: string
  document: Readonly<Record<string, unknown>>
  requestId: string
  sourceIp: string | null
}

/**
 * Posts a message received at a webhook's URL to its room. Throws the errors of the original: 403 for an unknown URL, 404
 * for a revoked one, 400, 413 and 429 for messages that are refused. [documented]
 */
export async function receivePost(
  db: Db,
  post: IncomingPost,
  now: string,
): Promise<{ MessageId: string; RoomId: string }> {
  const url = await findUrl(db, post.urlId)
  assertAlive(url, post.token, now)
  await assertOpen(db, url)
  const content = readContent(post.document)
  assertCalloutFits(content, await countMembers(db, url))
  assertNotTooSoon(url, now)
  const sender = { sender_type: url.owner_type, sender_id: url.owner_id }
  const message = newMessage({ place: roomPlace(url), sender, content, id: newId(now), now })
  await insertMessage(db, message)
  await notePost(db, url, now)
  await record(db, url, post, now)
  return { MessageId: message.message_id, RoomId: url.room_id }
}

/** The account may have been deleted or suspended, and the bot disabled. */
async function assertOpen(db: Db, url: WebhookUrlRow) {
  const account = await findAccount(db, callerOf(url), url.account_id)
  if (!account) throw gone()
  assertActive(account)
  const bot = url.owner_type === 'Bot' ? await findBot(db, url, url.owner_id) : undefined
  if (bot?.disabled === 1) throw new ServiceError('ForbiddenException', 'The bot is disabled')
}

/** Requests to a webhook are not signed, so the caller is anonymous. */
const callerOf = ({ aws_account_id }: WebhookUrlRow): Caller => ({
  awsAccountId: aws_account_id,
  principalArn: 'webhooks.belfry',
  accessKeyId: '',
})

function record(db: Db, url: WebhookUrlRow, { requestId, sourceIp }: IncomingPost, now: string) {
  const parameters = { AccountId: url.account_id, RoomId: url.room_id, SenderId: url.owner_id }
  return recordEvent(db, {
    aws_account_id: url.aws_account_id,
    event_time: now,
    event_name: 'PostIncomingWebhook',
    principal_arn: callerOf(url).principalArn,
    access_key_id: null,
    request_id: requestId,
    source_ip: sourceIp,
    user_agent: null,
    request_parameters: JSON.stringify(parameters),
    resources: JSON.stringify(namedResources(parameters)),
    error_code: null,
  })
}
