import { badRequest } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import { page } from '../../database/pagination.ts'
import type { AccountKey, AccountRow } from '../rows.ts'
import type { OperationContext, Handlers } from '../operation.ts'
import { assertEnterprise } from '../accounts/rules.ts'
import { requireAccount, requireEnterpriseAccount } from '../accounts/store.ts'
import { sendRemove } from '../bot-events/events.ts'
import { listBotsIn } from '../bot-events/store.ts'
import { deleteMessages, roomPlace } from '../messages/store.ts'
import { sha256 } from '../../primitives/digest.ts'
import { revokeUrls } from '../webhooks/store.ts'
import type { Room, contract } from './contract.ts'
import { assertRoomFits, tokensCountAfter } from './rules.ts'
import {
  type RoomRow,
  countRooms,
  deleteRoom,
  findRoom,
  findToken,
  insertRoom,
  listRooms,
  putToken,
  requireOpenRoom,
  requireRoomOf,
  updateRoom,
} from './store.ts'

export const handlers = {
  /** Idempotent by token. A new room has no members, because the calling IAM principal is no Chime user. */
  async CreateRoom({ AccountId, Name, ClientRequestToken }, context) {
    const account = await requireEnterpriseAccount(context.db, context.caller, AccountId)
    const made = ClientRequestToken && (await findMade(account, ClientRequestToken, Name, context))
    if (made) return { Room: toRoom(made) }
    assertRoomFits(await countRooms(context.db, account))
    const room = newRoom(account, Name, context)
    await insertRoom(context.db, room)
    if (ClientRequestToken) await remember(room, ClientRequestToken, context)
    return { Room: toRoom(room) }
  },

  async GetRoom({ AccountId, RoomId }, context) {
    return { Room: toRoom(await requireRoomOf(context.db, context.caller, AccountId, RoomId)) }
  },

  async ListRooms(input, { db, caller }) {
    const { AccountId, MemberId } = input
    const account = await requireAccount(db, caller, AccountId)
    assertEnterprise(account)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListRooms', caller.awsAccountId, AccountId, MemberId],
      fetch: (request) => listRooms(db, account, MemberId, request),
      positionOf: ({ created_at, room_id }) => [created_at, room_id],
    })
    return { Rooms: rows.map(toRoom), NextToken: nextToken }
  },

  async UpdateRoom({ AccountId, RoomId, Name }, context) {
    const room = await requireOpenRoom(context.db, context.caller, AccountId, RoomId)
    if (Name === undefined) return { Room: toRoom(room) }
    return { Room: toRoom(await updateRoom(context.db, room, { name: Name, updated_at: context.now })) }
  },

  /** Also deletes its memberships and messages. [documented] */
  async DeleteRoom({ AccountId, RoomId }, context) {
    const room = await requireOpenRoom(context.db, context.caller, AccountId, RoomId)
    for (const bot of await listBotsIn(context.db, room)) await sendRemove(room, bot, context)
    await revokeUrls(context.db, room, context.now)
    await deleteMessages(context.db, roomPlace(room))
    await deleteRoom(context.db, room)
    return {}
  },
} satisfies Handlers<typeof contract>

const newRoom = (account: AccountRow, name: string, { caller, now }: OperationContext): RoomRow => ({
  aws_account_id: account.aws_account_id,
  account_id: account.account_id,
  room_id: newId(now),
  name,
  created_by: caller.principalArn,
  created_at: now,
  updated_at: now,
})

const tokenKey = ({ aws_account_id, account_id }: AccountKey, token: string, { caller }: OperationContext) => ({
  aws_account_id,
  account_id,
  principal_arn: caller.principalArn,
  token_hash: sha256(token),
})

/**
 * The room created earlier with this token, if it still exists. Reuse of a token with another name is a 400, because 409
 * is not modelled.
 */
async function findMade(account: AccountRow, token: string, name: string, context: OperationContext) {
  const found = await findToken(context.db, tokenKey(account, token, context), tokensCountAfter(context.now))
  if (!found) return undefined
  if (found.name !== name) throw badRequest('The ClientRequestToken was used for another room')
  return findRoom(context.db, account, found.room_id)
}

function remember({ name, room_id, ...room }: RoomRow, token: string, context: OperationContext) {
  return putToken(context.db, { ...tokenKey(room, token, context), room_id, name, created_at: context.now })
}

const toRoom = (room: RoomRow): Answer<typeof Room> => ({
  RoomId: room.room_id,
  Name: room.name,
  AccountId: room.account_id,
  CreatedBy: room.created_by,
  CreatedTimestamp: room.created_at,
  UpdatedTimestamp: room.updated_at,
})
