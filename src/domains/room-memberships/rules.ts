import { ServiceError, badRequest, limitExceeded } from '../../contract/errors.ts'
import type { UserRow } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'

/** Limits per room and per member. [documented] */
const membersAtMost = 1000
const membershipsAtMost = 1000

/** Takes the number of members of the room and of memberships of the member before the addition. */
export function assertMemberFits({ members, memberships }: { members: number; memberships: number }): void {
  if (members >= membersAtMost) throw limitExceeded(membersAtMost, 'members per room')
  if (memberships >= membershipsAtMost) throw limitExceeded(membershipsAtMost, 'memberships per member')
}

export function assertNotMember(membership: Row<'room_memberships'> | undefined): void {
  if (membership) throw new ServiceError('ConflictException', 'Request could not be completed due to a conflict')
}

export function assertMayJoin({ registration_status }: UserRow): void {
  if (registration_status === 'Suspended') throw badRequest('The user is suspended')
}

/** A disabled bot or one without an events configuration cannot join, and a bot cannot be administrator. [documented] */
export function assertBotMayJoin(bot: Row<'bots'>, role: Row<'room_memberships'>['role']): void {
  if (bot.disabled === 1) throw badRequest('The bot is disabled')
  if (bot.https_endpoint === null && bot.lambda_arn === null) throw badRequest('The bot has no events configuration')
  if (role === 'Administrator') throw badRequest('A bot cannot be an administrator')
}

/** Only users have roles. [documented] */
export function assertMayHaveRole({ member_type }: Pick<Row<'room_memberships'>, 'member_type'>): void {
  if (member_type !== 'User') throw badRequest('Only users have roles')
}
