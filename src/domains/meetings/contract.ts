import { common } from '../../contract/errors.ts'
import { differs, documented, inferred, observed } from '../../contract/provenance.ts'
import { operation } from '../../contract/operation.ts'
import {
  E164PhoneNumber,
  GuidString,
  JoinToken,
  NextToken,
  NonEmptyString,
  ResultMax,
  Text,
  Timestamp,
  list,
  oneOf,
  optional,
  structure,
} from '../../contract/shapes.ts'

export const contract = {
  CreateMeetingDialOut: operation({
    http: 'POST /meetings/{MeetingId}/dial-outs',
    status: 201,
    resource: 'meeting/{MeetingId}',
    input: { MeetingId: GuidString, FromPhoneNumber: E164PhoneNumber, ToPhoneNumber: E164PhoneNumber, JoinToken },
    output: { TransactionId: GuidString },
    errors: [...common, 'AccessDeniedException', 'ResourceLimitExceededException', 'ThrottledClientException'],
    rules: [
      documented("The number that calls must be the caller's own; a policy may name the meeting, as `meeting/<id>`."),
      observed('A meeting that is over is ForbiddenException.'),
      inferred(
        'So is an unknown meeting, a token that is not for it, and a number outside the inventory, for NotFoundException is not modelled.',
      ),
      inferred(
        'A number on its way in or out is BadRequestException; BELFRY_RESTRICTED_AWS_ACCOUNTS are AccessDeniedException.',
      ),
      differs(
        'Nobody is called: where all is well the answer is ServiceUnavailableException, and what was asked for stays on record.',
      ),
    ],
  }),
}

export const Meeting = structure({
  MeetingId: GuidString,
  /** Shown when the meeting is made, and never again. */
  JoinToken,
  CreatedBy: NonEmptyString,
  CreatedTimestamp: Timestamp,
  EndedTimestamp: Timestamp,
})

/** One request to call a phone number into a meeting. */
export const MeetingDialOut = structure({
  TransactionId: GuidString,
  MeetingId: GuidString,
  FromPhoneNumber: E164PhoneNumber,
  ToPhoneNumber: E164PhoneNumber,
  Status: oneOf('Failed'),
  StatusReason: Text,
  RequestedBy: NonEmptyString,
  RequestId: NonEmptyString,
  RequestedTimestamp: Timestamp,
})

/** Meetings were created by the original's clients. */
export const belfry = {
  CreateMeeting: operation({
    http: 'POST /belfry/meetings',
    status: 201,
    input: {},
    output: { Meeting },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** Idempotent. An ended meeting accepts no more dial-outs. */
  EndMeeting: operation({
    http: 'POST /belfry/meetings/{MeetingId}?operation=end',
    input: { MeetingId: GuidString },
    output: { Meeting },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Oldest first. */
  ListMeetingDialOuts: operation({
    http: 'GET /belfry/meetings/{MeetingId}/dial-outs?max-results={MaxResults}&next-token={NextToken}',
    input: { MeetingId: GuidString, MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { MeetingDialOuts: list(MeetingDialOut), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
