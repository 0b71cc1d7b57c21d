import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import type { Handlers } from '../operation.ts'
import { requireOpenRoom, requireRoomOf } from '../rooms/store.ts'
import type { Webhook, belfry } from './contract.ts'
import { assertWebhookFits } from './rules.ts'
import { type WebhookUrlRow, listWebhooks, requireWebhook, revokeUrls } from './store.ts'
import { openUrl } from './urls.ts'

export const handlers = {
  async CreateRoomWebhook({ AccountId, RoomId, Name }, context) {
    const { db, caller, now } = context
    const room = await requireOpenRoom(db, caller, AccountId, RoomId)
    assertWebhookFits((await listWebhooks(db, room)).length)
    const owner = { owner_type: 'Webhook', owner_id: newId(now), expires_at: null } as const
    const made = { name: Name, created_by: caller.principalArn, created_at: now }
    const { url, row } = await openUrl(context, room, { ...owner, ...made })
    return { Webhook: { ...toWebhook(row), Url: url } }
  },

  async ListRoomWebhooks({ AccountId, RoomId }, { db, caller }) {
    const webhooks = await listWebhooks(db, await requireRoomOf(db, caller, AccountId, RoomId))
    return { Webhooks: webhooks.map(toWebhook) }
  },

  async RegenerateRoomWebhook({ AccountId, RoomId, WebhookId }, context) {
    const { db, caller, now } = context
    const room = await requireOpenRoom(db, caller, AccountId, RoomId)
    const webhook = await requireWebhook(db, room, WebhookId)
    await revokeUrls(db, room, now, WebhookId)
    const { url, row } = await openUrl(context, room, ownerOf(webhook))
    return { Webhook: { ...toWebhook(row), Url: url } }
  },

  async DeleteRoomWebhook({ AccountId, RoomId, WebhookId }, { db, caller, now }) {
    const room = await requireOpenRoom(db, caller, AccountId, RoomId)
    await requireWebhook(db, room, WebhookId)
    await revokeUrls(db, room, now, WebhookId)
    return {}
  },
} satisfies Handlers<typeof belfry>

/** The columns that a new URL inherits from the old one. */
const ownerOf = ({ owner_type, owner_id, name, created_by, created_at, expires_at }: WebhookUrlRow) => ({
  owner_type,
  owner_id,
  name,
  created_by,
  created_at,
  expires_at,
})

const toWebhook = (webhook: WebhookUrlRow): Answer<typeof Webhook> => ({
  WebhookId: webhook.owner_id,
  RoomId: webhook.room_id,
  Name: webhook.name,
  Url: null,
  CreatedBy: webhook.created_by,
  CreatedTimestamp: webhook.created_at,
})
