import { ServiceError } from '../../contract/errors.ts'
import type { Answer, InputOf } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import { page } from '../../database/pagination.ts'
import type { OperationContext, Handlers } from '../operation.ts'
import { assertTelephonyAllowed, assertUsable, toE164 } from '../phone-numbers/rules.ts'
import { findPhoneNumber } from '../phone-numbers/store.ts'
import type { Meeting, MeetingDialOut, belfry, contract } from './contract.ts'
import { sha256 } from '../../primitives/digest.ts'
import { assertCallersNumber, assertJoinable, newJoinToken } from './rules.ts'
import {
  type DialOutRow,
  type MeetingRow,
  endMeeting,
  findMeeting,
  insertDialOut,
  insertMeeting,
  listDialOuts,
  requireMeeting,
} from './store.ts'

const noGateway = 'No telephony gateway is configured'

export const handlers = {
  /** Records the request even if the call cannot be made. */
  async CreateMeetingDialOut(input, context) {
    const { db, caller, settings } = context
    assertTelephonyAllowed(caller, settings)
    const number = await findPhoneNumber(db, caller, toE164(input.FromPhoneNumber))
    assertCallersNumber(number)
    assertJoinable(await findMeeting(db, caller, input.MeetingId), input.JoinToken)
    assertUsable(number)
    await insertDialOut(db, { ...requested(input, context), status: 'Failed', status_reason: noGateway })
    return new ServiceError('ServiceUnavailableException', noGateway)
  },

  async CreateMeeting(_, { db, caller, now }) {
    const JoinToken = newJoinToken()
    const meeting = {
      aws_account_id: caller.awsAccountId,
      meeting_id: newId(now),
      join_token_hash: sha256(JoinToken),
      created_by: caller.principalArn,
      created_at: now,
      ended_at: null,
    }
    await insertMeeting(db, meeting)
    return { Meeting: { ...toMeeting(meeting), JoinToken } }
  },

  async EndMeeting({ MeetingId }, { db, caller, now }) {
    const meeting = await requireMeeting(db, caller, MeetingId)
    return { Meeting: toMeeting(meeting.ended_at === null ? await endMeeting(db, meeting, now) : meeting) }
  },

  async ListMeetingDialOuts(input, { db, caller }) {
    const meeting = await requireMeeting(db, caller, input.MeetingId)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListMeetingDialOuts', caller.awsAccountId, meeting.meeting_id],
      fetch: (request) => listDialOuts(db, meeting, request),
      positionOf: ({ transaction_id }) => [transaction_id, ''],
    })
    return { MeetingDialOuts: rows.map(toDialOut), NextToken: nextToken }
  },
} satisfies Handlers<typeof contract & typeof belfry>

type DialOutInput = InputOf<(typeof contract)['CreateMeetingDialOut']>

const requested = (input: DialOutInput, { caller, now, requestId }: OperationContext) => ({
  aws_account_id: caller.awsAccountId,
  meeting_id: input.MeetingId.toLowerCase(),
  transaction_id: newId(now),
  from_number: toE164(input.FromPhoneNumber),
  to_number: toE164(input.ToPhoneNumber),
  requested_by: caller.principalArn,
  request_id: requestId,
  requested_at: now,
})

const toMeeting = (meeting: MeetingRow): Answer<typeof Meeting> => ({
  MeetingId: meeting.meeting_id,
  JoinToken: null,
  CreatedBy: meeting.created_by,
  CreatedTimestamp: meeting.created_at,
  EndedTimestamp: meeting.ended_at,
})

const toDialOut = (dialOut: DialOutRow): Answer<typeof MeetingDialOut> => ({
  TransactionId: dialOut.transaction_id,
  MeetingId: dialOut.meeting_id,
  FromPhoneNumber: dialOut.from_number,
  ToPhoneNumber: dialOut.to_number,
  Status: dialOut.status,
  StatusReason: dialOut.status_reason,
  RequestedBy: dialOut.requested_by,
  RequestId: dialOut.request_id,
  RequestedTimestamp: dialOut.requested_at,
})
