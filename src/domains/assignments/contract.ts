import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  E164PhoneNumber,
  NextToken,
  NonEmptyString,
  ResultMax,
  Text,
  Timestamp,
  TimestampParameter,
  list,
  optional,
  structure,
} from '../../contract/shapes.ts'

/** Who held a number from when until when; without an end, still. */
export const Assignment = structure({
  E164PhoneNumber,
  AccountId: Text,
  UserId: Text,
  AssignedTimestamp: Timestamp,
  AssignedBy: Text,
  AssignRequestId: Text,
  UnassignedTimestamp: Timestamp,
  UnassignedBy: Text,
  UnassignRequestId: Text,
})

export const belfry = {
  /** At the given instant; now, unless told. */
  GetPhoneNumberHolder: operation({
    http: 'GET /belfry/phone-numbers/{PhoneNumberId}/holder?at={At}',
    input: { PhoneNumberId: NonEmptyString, At: optional(TimestampParameter) },
    output: { Assignment },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListPhoneNumberAssignments: operation({
    http: 'GET /belfry/phone-numbers/{PhoneNumberId}/assignments?max-results={MaxResults}&next-token={NextToken}',
    input: { PhoneNumberId: NonEmptyString, MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Assignments: list(Assignment), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListUserAssignments: operation({
    http: 'GET /belfry/accounts/{AccountId}/users/{UserId}/assignments?max-results={MaxResults}&next-token={NextToken}',
    input: {
      AccountId: NonEmptyString,
      UserId: NonEmptyString,
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { Assignments: list(Assignment), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
