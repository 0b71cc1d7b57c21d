import { sql } from 'kysely'
import { type Invariant, accountColumns, belongsTo, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('a membership has its room', ['room_memberships', 'member_id'], 'rooms', [
    ...accountColumns,
    ['room_id', 'room_id'],
  ]),
  invariant(
    'a member of a room is a user or a bot that there is',
    sql`select m.member_id as id from room_memberships m
      left join users u on m.member_type = 'User' and u.deleted_at is null
      and u.aws_account_id = m.aws_account_id and u.account_id = m.member_account_id and u.user_id = m.member_id
      left join bots b on m.member_type = 'Bot'
      and b.aws_account_id = m.aws_account_id and b.account_id = m.member_account_id and b.bot_id = m.member_id
      where u.user_id is null and b.bot_id is null`,
  ),
]
