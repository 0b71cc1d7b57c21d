/** The events sent to bots, with the members of the original's events. [documented] */
import { newId } from '../../primitives/ids.ts'
import type { RoomKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import { shift } from '../../primitives/time.ts'
import type { OperationContext } from '../operation.ts'
import type { MembershipRow } from '../room-memberships/store.ts'
import { revokeUrls } from '../webhooks/store.ts'
import { openUrl } from '../webhooks/urls.ts'
import { assertNotStopped, isListening, mentions } from './rules.ts'
import { type DeliveryRow, insertDelivery, listBotsIn } from './store.ts'

type Bot = Row<'bots'>

interface Mention {
  room: RoomKey
  content: string
  sender: Sender
}

interface BotEvent {
  Sender: Sender
  Discussion: { DiscussionId: string; DiscussionType: 'Room' }
  EventType: DeliveryRow['event_type']
  InboundHttpsEndpoint?: { EndpointType: 'Persistent' | 'ShortLived'; Url: string }
}

type Sender = { SenderId: string; SenderIdType: 'EmailId' | 'UserId' | 'PrincipalArn' }

/** Lifetime of the URL for answering a mention. [documented] */
const mentionLifeMs = 2 * 60 * 1000

/** Tells a bot that it was added to a room, with a URL for posting there that is valid while it is a member. */
export async function sendInvite(room: RoomKey, bot: Bot, context: OperationContext): Promise<void> {
  const { url } = await openUrl(context, room, ownedBy(bot, context, null))
  const InboundHttpsEndpoint = { EndpointType: 'Persistent', Url: url } as const
  await send(bot, { ...head(room, principal(context), 'Invite'), InboundHttpsEndpoint }, context)
}

/** Tells a bot that it was removed from a room, and revokes its URLs there. */
export async function sendRemove(room: RoomKey, bot: Bot, context: OperationContext): Promise<void> {
  await revokeUrls(context.db, room, context.now, bot.bot_id)
  await send(bot, head(room, principal(context), 'Remove'), context)
}

/** Notifies each mentioned bot in the room. Throws `BadRequestException` if one of them is disabled. */
export async function sendMentions(
  room: RoomKey,
  content: string,
  sender: MembershipRow,
  context: OperationContext,
): Promise<void> {
  if (!content.includes('@')) return
  const mentioned = (await listBotsIn(context.db, room)).filter((bot) => mentions(content, bot))
  assertNotStopped(mentioned)
  for (const bot of mentioned) await sendMention(bot, { room, content, sender: person(sender) }, context)
}

async function sendMention(bot: Bot, { room, content, sender }: Mention, context: OperationContext) {
  if (!isListening(bot)) return
  const { url } = await openUrl(context, room, ownedBy(bot, context, shift(context.now, mentionLifeMs)))
  const InboundHttpsEndpoint = { EndpointType: 'ShortLived', Url: url } as const
  const event = { ...head(room, sender, 'Mention'), InboundHttpsEndpoint }
  await send(bot, event, context, { Message: content })
}

/** Identified by email address if the user has one. */
const person = ({ email, member_id }: MembershipRow): Sender =>
  email === null ? { SenderId: member_id, SenderIdType: 'UserId' } : { SenderId: email, SenderIdType: 'EmailId' }

/** Callers of the API are IAM principals without an address, so their ARN is used. [inferred] */
const principal = ({ caller }: OperationContext): Sender => ({
  SenderId: caller.principalArn,
  SenderIdType: 'PrincipalArn',
})

const head = ({ room_id }: RoomKey, Sender: Sender, EventType: DeliveryRow['event_type']): BotEvent => ({
  Sender,
  Discussion: { DiscussionId: room_id, DiscussionType: 'Room' },
  EventType,
})

const ownedBy = (bot: Bot, { caller, now }: OperationContext, expires_at: string | null) => ({
  owner_type: 'Bot' as const,
  owner_id: bot.bot_id,
  name: bot.display_name,
  created_by: caller.principalArn,
  created_at: now,
  expires_at,
})

/** Queues the event; it is sent after the transaction has committed. */
async function send(bot: Bot, event: BotEvent, { db, now }: OperationContext, rest = {}) {
  if (!isListening(bot)) return
  await insertDelivery(db, {
    aws_account_id: bot.aws_account_id,
    account_id: bot.account_id,
    bot_id: bot.bot_id,
    delivery_id: newId(now),
    event_type: event.EventType,
    body: JSON.stringify({ ...event, EventTimestamp: now, ...rest }),
    attempts: 0,
    due_at: now,
  })
}
