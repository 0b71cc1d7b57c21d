import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
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
  structure,
} from '../../contract/shapes.ts'

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

export const contract = {
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
