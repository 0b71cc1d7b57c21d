import { randomBytes } from 'node:crypto'
import { ServiceError } from '../../contract/errors.ts'
import type { PhoneNumberRow } from '../rows.ts'
import { isSecretOf } from '../../primitives/digest.ts'
import type { MeetingRow } from './store.ts'

/** Letters, digits, `+` and `/`: the characters that the model allows in a token. */
export const newJoinToken = (): string => randomBytes(48).toString('base64')

/** 404 is not modelled, so a number that is not the caller's is a 403. [class from the model, case inferred] */
export function assertCallersNumber(number: PhoneNumberRow | undefined): asserts number is PhoneNumberRow {
  if (!number) throw new ServiceError('ForbiddenException', 'FromPhoneNumber is not in the inventory')
}

/** The original answered 403 for ended meetings, too. [observed in public; the token inferred] */
export function assertJoinable(meeting: MeetingRow | undefined, joinToken: string): asserts meeting is MeetingRow {
  const fits = meeting !== undefined && isSecretOf(meeting.join_token_hash, joinToken)
  if (!fits) throw new ServiceError('ForbiddenException', 'There is no such meeting, or the JoinToken is not for it')
  if (meeting.ended_at !== null) throw new ServiceError('ForbiddenException', 'The meeting has ended')
}
