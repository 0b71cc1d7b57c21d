/** Members of rooms: SQL, and only SQL. */
import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import { type PageRequest, isAfter } from '../../database/pagination.ts'
import type { AccountKey, RoomKey, UserKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

type Membership = Row<'room_memberships'>
/** A membership with the address and name of the member. */
export type MembershipRow = Membership & { email: string | null; full_name: string | null }

const memberships = (db: Db, { aws_account_id, account_id, room_id }: RoomKey) =>
  db
    .selectFrom('room_memberships')
    .leftJoin('users', (join) =>
      join
        .onRef('users.aws_account_id', '=', 'room_memberships.aws_account_id')
        .onRef('users.account_id', '=', 'room_memberships.member_account_id')
        .onRef('users.user_id', '=', 'room_memberships.member_id'),
    )
    .leftJoin('bots', (join) =>
      join
        .onRef('bots.aws_account_id', '=', 'room_memberships.aws_account_id')
        .onRef('bots.account_id', '=', 'room_memberships.member_account_id')
        .onRef('bots.bot_id', '=', 'room_memberships.member_id'),
    )
    .selectAll('room_memberships')
    .select(({ fn }) => [
      fn.coalesce('users.email', 'bots.bot_email').as('email'),
      fn.coalesce('users.display_name', 'bots.display_name').as('full_name'),
    ])
    .where('room_memberships.aws_account_id', '=', aws_account_id)
    .where('room_memberships.account_id', '=', account_id)
    .where('room_memberships.room_id', '=', room_id)

export function findMembership(db: Db, room: RoomKey, memberId: string): Promise<MembershipRow | undefined> {
  return memberships(db, room).where('room_memberships.member_id', '=', memberId).executeTakeFirst()
}

/** Throws `NotFoundException`. */
export async function requireMembership(db: Db, room: RoomKey, memberId: string): Promise<MembershipRow> {
  const membership = await findMembership(db, room, memberId)
  if (!membership) throw notFound('RoomMembership', memberId)
  return membership
}

/** Oldest first. */
export function listMemberships(db: Db, room: RoomKey, { limit, after }: PageRequest): Promise<MembershipRow[]> {
  let query = memberships(db, room)
    .orderBy('room_memberships.created_at')
    .orderBy('room_memberships.member_id')
    .limit(limit)
  if (after) query = query.where(isAfter('room_memberships.created_at', 'room_memberships.member_id', after))
  return query.execute()
}

export function countMembers(db: Db, { aws_account_id, account_id, room_id }: RoomKey): Promise<number> {
  return count(
    db
      .selectFrom('room_memberships')
      .where('aws_account_id', '=', aws_account_id)
      .where('account_id', '=', account_id)
      .where('room_id', '=', room_id),
  )
}

/** Counts the memberships of one member in all rooms of the AWS account. */
export function countMembershipsOf(db: Db, awsAccountId: string, memberId: string): Promise<number> {
  return count(
    db.selectFrom('room_memberships').where('aws_account_id', '=', awsAccountId).where('member_id', '=', memberId),
  )
}

export async function insertMembership(db: Db, membership: Membership): Promise<void> {
  await db.insertInto('room_memberships').values(membership).execute()
}

export async function updateMembership(
  db: Db,
  membership: MembershipRow,
  changes: Partial<Membership>,
): Promise<MembershipRow> {
  await db
    .updateTable('room_memberships')
    .set(changes)
    .where('aws_account_id', '=', membership.aws_account_id)
    .where('account_id', '=', membership.account_id)
    .where('room_id', '=', membership.room_id)
    .where('member_id', '=', membership.member_id)
    .execute()
  return { ...membership, ...changes }
}

export async function deleteMembership(db: Db, membership: MembershipRow): Promise<void> {
  await db
    .deleteFrom('room_memberships')
    .where('aws_account_id', '=', membership.aws_account_id)
    .where('account_id', '=', membership.account_id)
    .where('room_id', '=', membership.room_id)
    .where('member_id', '=', membership.member_id)
    .execute()
}

const membershipsFrom = (db: Db, { aws_account_id, account_id }: AccountKey) =>
  db
    .deleteFrom('room_memberships')
    .where('aws_account_id', '=', aws_account_id)
    .where('member_account_id', '=', account_id)

/** Removes a user from all rooms of the AWS account. */
export async function deleteMembershipsOf(db: Db, user: UserKey): Promise<void> {
  await membershipsFrom(db, user).where('member_id', '=', user.user_id).execute()
}

/** Removes all users of an account from all rooms of the AWS account. */
export async function deleteMembershipsFrom(db: Db, account: AccountKey): Promise<void> {
  await membershipsFrom(db, account).execute()
}
