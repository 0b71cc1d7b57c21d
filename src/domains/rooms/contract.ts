import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
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
  }),
  GetRoom: operation({
    http: 'GET /accounts/{AccountId}/rooms/{RoomId}',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString },
    output: { Room },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
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
  }),
  UpdateRoom: operation({
    http: 'POST /accounts/{AccountId}/rooms/{RoomId}',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, Name: optional(RoomName) },
    output: { Room },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  DeleteRoom: operation({
    http: 'DELETE /accounts/{AccountId}/rooms/{RoomId}',
    status: 204,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
