import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { documented, inferred } from '../../contract/provenance.ts'
import {
  ClientRequestToken,
  NextToken,
  NonEmptyString,
  ResultMax,
  SensitiveString,
  Text,
  Timestamp,
  list,
  optional,
  sensitive,
  structure,
  text,
} from '../../contract/shapes.ts'

export const Room = structure({
  RoomId: NonEmptyString,
  Name: SensitiveString,
  AccountId: NonEmptyString,
  CreatedBy: NonEmptyString,
  CreatedTimestamp: Timestamp,
  UpdatedTimestamp: Timestamp,
})

/** The upper bound is not published. [inferred] */
const RoomName = sensitive(text({ min: 1, max: 256, pattern: String.raw`.*\S.*`, test: /\S/ }))

export const contract = {
  CreateRoom: operation({
    http: 'POST /accounts/{AccountId}/rooms',
    status: 201,
    input: { AccountId: NonEmptyString, Name: RoomName, ClientRequestToken: optional(ClientRequestToken) },
    output: { Room },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException', 'ThrottledClientException'],
    rules: [
      documented("`CreatedBy` is the caller's ARN, and both times are equal; 1,500 rooms per account."),
      inferred(
        'Names have 256 characters at most; a Team account is BadRequestException, one room too many ResourceLimitExceededException.',
      ),
      inferred(
        'For a day, the same token, name and caller make one room; the same token with another name is BadRequestException.',
      ),
      inferred('The room has no members at first, for an IAM principal is no Chime user.'),
    ],
  }),
  GetRoom: operation({
    http: 'GET /accounts/{AccountId}/rooms/{RoomId}',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString },
    output: { Room },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [inferred('A room of another account is NotFoundException.')],
  }),
  ListRooms: operation({
    http: 'GET /accounts/{AccountId}/rooms?member-id={MemberId}&max-results={MaxResults}&next-token={NextToken}',
    input: {
      AccountId: NonEmptyString,
      MemberId: optional(Text),
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { Rooms: list(Room), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Answers `Rooms`; `member-id` finds those of one member.'),
      inferred('An unknown member is in no room; oldest first; a Team account is BadRequestException.'),
      inferred('99 to a page, the most there may be, for the default is not published.'),
    ],
  }),
  UpdateRoom: operation({
    http: 'POST /accounts/{AccountId}/rooms/{RoomId}',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, Name: optional(RoomName) },
    output: { Room },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Changes the name and moves `UpdatedTimestamp`; `CreatedTimestamp` stays.'),
      inferred('An empty body changes nothing.'),
    ],
  }),
  DeleteRoom: operation({
    http: 'DELETE /accounts/{AccountId}/rooms/{RoomId}',
    status: 204,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Deletes the room with its memberships and messages; its bots are sent Remove.'),
      inferred('A second time it is NotFoundException.'),
    ],
  }),
}
