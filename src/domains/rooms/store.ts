import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import { type PageRequest, isAfter } from '../../database/pagination.ts'
import type { AccountKey, RoomKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'
import { requireAccount, requireEnterpriseAccount } from '../accounts/store.ts'

export type RoomRow = Row<'rooms'>
type Token = Row<'room_tokens'>

const roomsOf = (db: Db, { aws_account_id, account_id }: AccountKey) =>
  db.selectFrom('rooms').selectAll().where('aws_account_id', '=', aws_account_id).where('account_id', '=', account_id)

export function findRoom(db: Db, account: AccountKey, roomId: string): Promise<RoomRow | undefined> {
  return roomsOf(db, account).where('room_id', '=', roomId).executeTakeFirst()
}

/** Throws `NotFoundException`. */
export async function requireRoom(db: Db, account: AccountKey, roomId: string): Promise<RoomRow> {
  const room = await findRoom(db, account, roomId)
  if (!room) throw notFound('Room', roomId)
  return room
}

/** For reading; the account may be suspended. Throws `NotFoundException`. */
export async function requireRoomOf(db: Db, caller: Caller, accountId: string, roomId: string): Promise<RoomRow> {
  return requireRoom(db, await requireAccount(db, caller, accountId), roomId)
}

/** For changes. Throws as `requireEnterpriseAccount` does, and `NotFoundException`. */
export async function requireOpenRoom(db: Db, caller: Caller, accountId: string, roomId: string): Promise<RoomRow> {
  return requireRoom(db, await requireEnterpriseAccount(db, caller, accountId), roomId)
}

/** Oldest first; only the rooms of one member if `memberId` is given. */
export function listRooms(db: Db, account: AccountKey, memberId: string | undefined, { limit, after }: PageRequest) {
  let query = roomsOf(db, account).orderBy('created_at').orderBy('room_id').limit(limit)
  if (after) query = query.where(isAfter('created_at', 'room_id', after))
  if (memberId !== undefined) query = query.where('room_id', 'in', roomsOfMember(db, account, memberId))
  return query.execute()
}

const roomsOfMember = (db: Db, { aws_account_id, account_id }: AccountKey, memberId: string) =>
  db
    .selectFrom('room_memberships')
    .select('room_id')
    .where('aws_account_id', '=', aws_account_id)
    .where('member_id', '=', memberId)
    .where('account_id', '=', account_id)

export function countRooms(db: Db, { aws_account_id, account_id }: AccountKey): Promise<number> {
  return count(db.selectFrom('rooms').where('aws_account_id', '=', aws_account_id).where('account_id', '=', account_id))
}

export async function insertRoom(db: Db, room: RoomRow): Promise<void> {
  await db.insertInto('rooms').values(room).execute()
}

export async function updateRoom(db: Db, room: RoomRow, changes: Partial<RoomRow>): Promise<RoomRow> {
  await db
    .updateTable('rooms')
    .set(changes)
    .where('aws_account_id', '=', room.aws_account_id)
    .where('account_id', '=', room.account_id)
    .where('room_id', '=', room.room_id)
    .execute()
  return { ...room, ...changes }
}

/** Also deletes its memberships; its messages are deleted by another store. */
export async function deleteRoom(db: Db, { aws_account_id, account_id, room_id }: RoomKey): Promise<void> {
  for (const table of ['room_memberships', 'rooms'] as const)
    await db
      .deleteFrom(table)
      .where('aws_account_id', '=', aws_account_id)
      .where('account_id', '=', account_id)
      .where('room_id', '=', room_id)
      .execute()
}

type TokenKey = Omit<Token, 'room_id' | 'name' | 'created_at'>

/** The use of the token, if not before `since`. */
export function findToken(db: Db, key: TokenKey, since: string): Promise<Token | undefined> {
  return db
    .selectFrom('room_tokens')
    .selectAll()
    .where('aws_account_id', '=', key.aws_account_id)
    .where('account_id', '=', key.account_id)
    .where('principal_arn', '=', key.principal_arn)
    .where('token_hash', '=', key.token_hash)
    .where('created_at', '>', since)
    .executeTakeFirst()
}

/** Stores a token; an expired entry with the same key is replaced. */
export async function putToken(db: Db, token: Token): Promise<void> {
  const key = ['aws_account_id', 'account_id', 'principal_arn', 'token_hash'] as const
  await db
    .insertInto('room_tokens')
    .values(token)
    .onConflict((conflict) => conflict.columns(key).doUpdateSet(token))
    .execute()
}

/** The uses of tokens before `before`, oldest first. */
export function listTokensBefore(db: Db, before: string, atMost: number): Promise<TokenKey[]> {
  return db
    .selectFrom('room_tokens')
    .select(['aws_account_id', 'account_id', 'principal_arn', 'token_hash'])
    .where('created_at', '<=', before)
    .orderBy('created_at')
    .limit(atMost)
    .execute()
}

/** Keeps a token that was used again since. */
export async function deleteTokens(db: Db, keys: readonly TokenKey[], before: string): Promise<void> {
  for (const { aws_account_id, account_id, principal_arn, token_hash } of keys)
    await db
      .deleteFrom('room_tokens')
      .where('aws_account_id', '=', aws_account_id)
      .where('account_id', '=', account_id)
      .where('principal_arn', '=', principal_arn)
      .where('token_hash', '=', token_hash)
      .where('created_at', '<=', before)
      .execute()
}
