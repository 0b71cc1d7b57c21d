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

/** An interval in which a user held a number; without an end if it is still open. */
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
  /** The holder at the given instant, by default the present one. */
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
