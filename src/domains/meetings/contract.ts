import { common } from '../../contract/errors.ts'
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

/** One request to call somebody into a meeting. */
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

/** Meetings were made by the original's clients. */
export const belfry = {
  CreateMeeting: operation({
    http: 'POST /belfry/meetings',
    status: 201,
    input: {},
    output: { Meeting },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** Nobody can be called into it from then on. Repeating it changes nothing. */
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
