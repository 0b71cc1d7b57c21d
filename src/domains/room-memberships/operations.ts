import { notFound } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { RoomKey } from '../rows.ts'
import type { Db } from '../../database/transaction.ts'
import type { OperationContext, Handlers } from '../operation.ts'
import { forEachItem } from '../batch.ts'
import { sendInvite, sendRemove } from '../bot-events/events.ts'
import { findBot } from '../bots/store.ts'
import { requireOpenRoom, requireRoomOf } from '../rooms/store.ts'
import { findUserAnywhere } from '../users/store.ts'
import type { RoomMembership, contract } from './contract.ts'
import { assertBotMayJoin, assertMayHaveRole, assertMayJoin, assertMemberFits, assertNotMember } from './rules.ts'
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
} from './store.ts'

export const handlers = {
  async CreateRoomMembership({ AccountId, RoomId, MemberId, Role }, context) {
    const room = await requireOpenRoom(context.db, context.caller, AccountId, RoomId)
    await addMember(room, MemberId, Role, context)
    return { RoomMembership: toMembership(await requireMembership(context.db, room, MemberId)) }
  },

  async BatchCreateRoomMembership({ AccountId, RoomId, MembershipItemList }, context) {
    const room = await requireOpenRoom(context.db, context.caller, AccountId, RoomId)
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
    const room = await requireRoomOf(context.db, context.caller, AccountId, RoomId)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListRoomMemberships', context.caller.awsAccountId, AccountId, RoomId],
      fetch: (request) => listMemberships(context.db, room, request),
      positionOf: ({ created_at, member_id }) => [created_at, member_id],
    })
    return { RoomMemberships: rows.map(toMembership), NextToken: nextToken }
  },

  async UpdateRoomMembership({ AccountId, RoomId, MemberId, Role }, context) {
    const room = await requireOpenRoom(context.db, context.caller, AccountId, RoomId)
    const membership = await requireMembership(context.db, room, MemberId)
    if (Role === undefined) return { RoomMembership: toMembership(membership) }
    assertMayHaveRole(membership)
    const changed = await updateMembership(context.db, membership, { role: Role, updated_at: context.now })
    return { RoomMembership: toMembership(changed) }
  },

  /** The last administrator can be removed, too. */
  async DeleteRoomMembership({ AccountId, RoomId, MemberId }, context) {
    const room = await requireOpenRoom(context.db, context.caller, AccountId, RoomId)
    const membership = await requireMembership(context.db, room, MemberId)
    await deleteMembership(context.db, membership)
    const bot = membership.member_type === 'Bot' && (await findBot(context.db, room, MemberId))
    if (bot) await sendRemove(room, bot, context)
    return {}
  },
} satisfies Handlers<typeof contract>

/** Members can be users of any account of the AWS account. */
async function addMember(
  room: RoomKey,
  memberId: string,
  role: MembershipRow['role'] = 'Member',
  context: OperationContext,
) {
  const { db, caller, now } = context
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
  if (member.bot) await sendInvite(room, member.bot, context)
}

/** Looks for a user first and then for a bot; throws if it may not join. */
async function requireMember(db: Db, room: RoomKey, memberId: string, role: MembershipRow['role']) {
  const user = await findUserAnywhere(db, room, memberId)
  if (user) {
    assertMayJoin(user)
    return { type: 'User' as const, accountId: user.account_id, bot: undefined }
  }
  const bot = await findBot(db, room, memberId)
  if (!bot) throw notFound('User', memberId)
  assertBotMayJoin(bot, role)
  return { type: 'Bot' as const, accountId: bot.account_id, bot }
}

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
