import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  ClientRequestToken,
  ErrorCode,
  MemberType,
  NextToken,
  NonEmptyString,
  ResultMax,
  RoomMembershipRole,
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
export const Member = structure({
  MemberId: NonEmptyString,
  MemberType,
  Email: SensitiveString,
  FullName: SensitiveString,
  AccountId: NonEmptyString,
})
export const RoomMembership = structure({
  RoomId: NonEmptyString,
  Member,
  Role: RoomMembershipRole,
  InvitedBy: NonEmptyString,
  UpdatedTimestamp: Timestamp,
})
export const MembershipItem = structure({ MemberId: NonEmptyString, Role: optional(RoomMembershipRole) })
export const MemberError = structure({ MemberId: NonEmptyString, ErrorCode, ErrorMessage: Text })

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
  CreateRoomMembership: operation({
    http: 'POST /accounts/{AccountId}/rooms/{RoomId}/memberships',
    status: 201,
    input: {
      AccountId: NonEmptyString,
      RoomId: NonEmptyString,
      MemberId: NonEmptyString,
      Role: optional(RoomMembershipRole),
    },
    output: { RoomMembership },
    errors: [
      ...common,
      'NotFoundException',
      'ConflictException',
      'ResourceLimitExceededException',
      'ThrottledClientException',
    ],
  }),
  BatchCreateRoomMembership: operation({
    http: 'POST /accounts/{AccountId}/rooms/{RoomId}/memberships?operation=batch-create',
    status: 201,
    input: {
      AccountId: NonEmptyString,
      RoomId: NonEmptyString,
      MembershipItemList: list(MembershipItem, { min: 1, max: 50 }),
    },
    output: { Errors: list(MemberError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListRoomMemberships: operation({
    http: 'GET /accounts/{AccountId}/rooms/{RoomId}/memberships?max-results={MaxResults}&next-token={NextToken}',
    input: {
      AccountId: NonEmptyString,
      RoomId: NonEmptyString,
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { RoomMemberships: list(RoomMembership), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  UpdateRoomMembership: operation({
    http: 'POST /accounts/{AccountId}/rooms/{RoomId}/memberships/{MemberId}',
    input: {
      AccountId: NonEmptyString,
      RoomId: NonEmptyString,
      MemberId: NonEmptyString,
      Role: optional(RoomMembershipRole),
    },
    output: { RoomMembership },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  DeleteRoomMembership: operation({
    http: 'DELETE /accounts/{AccountId}/rooms/{RoomId}/memberships/{MemberId}',
    status: 204,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, MemberId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
