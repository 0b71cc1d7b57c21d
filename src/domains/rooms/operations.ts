import { createHash } from 'node:crypto'
import { badRequest, notFound } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../database/ids.ts'
import { page } from '../../database/paging.ts'
import type { AccountKey, AccountRow, Db, RoomKey } from '../../database/tables.ts'
import { shift } from '../../database/time.ts'
import type { Context, Operations } from '../../service/handshake.ts'
import { assertEnterprise } from '../accounts/rules.ts'
import { requireAccount, requireEnterpriseAccount } from '../accounts/store.ts'
import { forEachItem } from '../batch.ts'
import { findBot } from '../bots/store.ts'
import { deleteMessages, roomPlace } from '../messages/store.ts'
import { findUserAnywhere } from '../users/store.ts'
import type { Room, RoomMembership, contract } from './contract.ts'
import {
  type MembershipRow,
  countMembers,
  countMembershipsOf,
  deleteMembership,
  findMembership,
  insertMembership,
  listMemberships,
  requireMembership,
  updateMembership,
} from './membership-store.ts'
import {
  assertBotMayJoin,
  assertMayHaveRole,
  assertMayJoin,
  assertMemberFits,
  assertNotMember,
  assertRoomFits,
} from './rules.ts'
import {
  type RoomRow,
  countRooms,
  deleteRoom,
  findRoom,
  findToken,
  insertRoom,
  listRooms,
  putToken,
  requireRoom,
  updateRoom,
} from './store.ts'

export const operations: Operations<typeof contract> = {
  /** The same token and name make one room; nobody is in it at first, for an IAM principal is no Chime user. */
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
    return { Room: toRoom(await requireRoomOf(context, AccountId, RoomId)) }
  },

  async ListRooms(input, { db, caller }) {
    const { AccountId, MemberId } = input
    const account = await requireAccount(db, caller, AccountId)
    assertEnterprise(account)
    const { rows, nextToken } = await page(
      input,
      99,
      ['ListRooms', caller.awsAccountId, AccountId, MemberId],
      (request) => listRooms(db, account, MemberId, request),
      ({ created_at, room_id }) => [created_at, room_id],
    )
    return { Rooms: rows.map(toRoom), NextToken: nextToken }
  },

  async UpdateRoom({ AccountId, RoomId, Name }, context) {
    const room = await requireOpenRoom(context, AccountId, RoomId)
    if (Name === undefined) return { Room: toRoom(room) }
    return { Room: toRoom(await updateRoom(context.db, room, { name: Name, updated_at: context.now })) }
  },

  /** With its members and messages. [documented] */
  async DeleteRoom({ AccountId, RoomId }, context) {
    const room = await requireOpenRoom(context, AccountId, RoomId)
    await deleteMessages(context.db, roomPlace(room))
    await deleteRoom(context.db, room)
    return {}
  },

  async CreateRoomMembership({ AccountId, RoomId, MemberId, Role }, context) {
    const room = await requireOpenRoom(context, AccountId, RoomId)
    await addMember(room, MemberId, Role, context)
    return { RoomMembership: toMembership(await requireMembership(context.db, room, MemberId)) }
  },

  async BatchCreateRoomMembership({ AccountId, RoomId, MembershipItemList }, context) {
    const room = await requireOpenRoom(context, AccountId, RoomId)
    const refusals = await forEachItem(MembershipItemList, ({ MemberId, Role }) =>
      addMember(room, MemberId, Role, context),
    )
    return {
      Errors: refusals.map(({ item, ErrorCode, ErrorMessage }) => ({
        MemberId: item.MemberId,
        ErrorCode,
        ErrorMessage,
      })),
    }
  },

  async ListRoomMemberships(input, context) {
    const { AccountId, RoomId } = input
    const room = await requireRoomOf(context, AccountId, RoomId)
    const { rows, nextToken } = await page(
      input,
      99,
      ['ListRoomMemberships', context.caller.awsAccountId, AccountId, RoomId],
      (request) => listMemberships(context.db, room, request),
      ({ created_at, member_id }) => [created_at, member_id],
    )
    return { RoomMemberships: rows.map(toMembership), NextToken: nextToken }
  },

  async UpdateRoomMembership({ AccountId, RoomId, MemberId, Role }, context) {
    const room = await requireOpenRoom(context, AccountId, RoomId)
    const membership = await requireMembership(context.db, room, MemberId)
    if (Role === undefined) return { RoomMembership: toMembership(membership) }
    assertMayHaveRole(membership)
    const changed = await updateMembership(context.db, membership, { role: Role, updated_at: context.now })
    return { RoomMembership: toMembership(changed) }
  },

  /** Also of the last administrator. */
  async DeleteRoomMembership({ AccountId, RoomId, MemberId }, context) {
    const room = await requireOpenRoom(context, AccountId, RoomId)
    await deleteMembership(context.db, await requireMembership(context.db, room, MemberId))
    return {}
  },
}

/** To be read, also where the account is suspended. */
async function requireRoomOf({ db, caller }: Context, accountId: string, roomId: string): Promise<RoomRow> {
  return requireRoom(db, await requireAccount(db, caller, accountId), roomId)
}

/** To be changed. */
async function requireOpenRoom({ db, caller }: Context, accountId: string, roomId: string): Promise<RoomRow> {
  return requireRoom(db, await requireEnterpriseAccount(db, caller, accountId), roomId)
}

const newRoom = (account: AccountRow, name: string, { caller, now }: Context): RoomRow => ({
  aws_account_id: account.aws_account_id,
  account_id: account.account_id,
  room_id: newId(now),
  name,
  created_by: caller.principalArn,
  created_at: now,
  updated_at: now,
})

/** Tokens are remembered for a day. [inferred] */
const tokenLifeMs = 24 * 60 * 60 * 1000

const tokenKey = ({ aws_account_id, account_id }: AccountKey, token: string, { caller }: Context) => ({
  aws_account_id,
  account_id,
  principal_arn: caller.principalArn,
  token_hash: createHash('sha256').update(token).digest('hex'),
})

/** The room the token made before, as it is now, if it still is. 409 is not modelled, so a token with another name is a 400. */
async function findMade(account: AccountRow, token: string, name: string, context: Context) {
  const found = await findToken(context.db, tokenKey(account, token, context), shift(context.now, -tokenLifeMs))
  if (!found) return undefined
  if (found.name !== name) throw badRequest('The ClientRequestToken was used for another room')
  return findRoom(context.db, account, found.room_id)
}

function remember({ name, room_id, ...room }: RoomRow, token: string, context: Context) {
  return putToken(context.db, { ...tokenKey(room, token, context), room_id, name, created_at: context.now })
}

/** Users of any account of the AWS account may be members. */
async function addMember(
  room: RoomKey,
  memberId: string,
  role: MembershipRow['role'] = 'Member',
  { db, caller, now }: Context,
) {
  const member = await requireMember(db, room, memberId, role)
  assertNotMember(await findMembership(db, room, memberId))
  assertMemberFits({
    members: await countMembers(db, room),
    memberships: await countMembershipsOf(db, caller.awsAccountId, memberId),
  })
  await insertMembership(db, {
    aws_account_id: room.aws_account_id,
    account_id: room.account_id,
    room_id: room.room_id,
    member_id: memberId,
    member_type: member.type,
    member_account_id: member.accountId,
    role,
    invited_by: caller.principalArn,
    created_at: now,
    updated_at: now,
  })
}

/** A user who may join, or else a bot that may. */
async function requireMember(db: Db, room: RoomKey, memberId: string, role: MembershipRow['role']) {
  const user = await findUserAnywhere(db, room, memberId)
  if (user) {
    assertMayJoin(user)
    return { type: 'User' as const, accountId: user.account_id }
  }
  const bot = await findBot(db, room, memberId)
  if (!bot) throw notFound('User', memberId)
  assertBotMayJoin(bot, role)
  return { type: 'Bot' as const, accountId: bot.account_id }
}

const toRoom = (room: RoomRow): Answer<typeof Room> => ({
  RoomId: room.room_id,
  Name: room.name,
  AccountId: room.account_id,
  CreatedBy: room.created_by,
  CreatedTimestamp: room.created_at,
  UpdatedTimestamp: room.updated_at,
})

const toMembership = (membership: MembershipRow): Answer<typeof RoomMembership> => ({
  RoomId: membership.room_id,
  Member: {
    MemberId: membership.member_id,
    MemberType: membership.member_type,
    Email: membership.email,
    FullName: membership.full_name,
    AccountId: membership.member_account_id,
  },
  Role: membership.role,
  InvitedBy: membership.invited_by,
  UpdatedTimestamp: membership.updated_at,
})
