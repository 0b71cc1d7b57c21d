import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred } from '../../contract/provenance.ts'
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
    rules: [
      documented(
        "The role is Member unless told; `InvitedBy` is the caller's ARN; 1,000 members per room and 1,000 memberships per member.",
      ),
      documented('A bot cannot be added while it is disabled or without an endpoint, nor be an Administrator.'),
      documented('A bot is sent Invite, with a URL to post by as long as it is a member.'),
      differs("In Invite and Remove the `Sender` is the caller's ARN, for an IAM principal has no address."),
      inferred('These are BadRequestException, as is a suspended user; who is a member already is ConflictException.'),
      inferred(
        'Members may be users of any account of the AWS account; an unknown room or member is NotFoundException.',
      ),
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
    rules: [
      documented('Up to 50 members; refusals come in `Errors` with status 201, empty when there are none.'),
      inferred(
        'Who is a member already is Conflict, who is unknown NotFound; an item without MemberId refuses the whole call.',
      ),
      inferred('An empty list is BadRequestException.'),
    ],
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
    rules: [inferred('Oldest first; 99 to a page, the most there may be, for the default is not published.')],
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
    rules: [
      documented('Roles are for users, not for bots.'),
      inferred('A bot is BadRequestException, an unknown membership NotFoundException; an empty body changes nothing.'),
      inferred('`UpdatedTimestamp` moves; `InvitedBy` stays.'),
    ],
  }),
  DeleteRoomMembership: operation({
    http: 'DELETE /accounts/{AccountId}/rooms/{RoomId}/memberships/{MemberId}',
    status: 204,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, MemberId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('A bot is sent Remove.'),
      inferred('The last administrator can be removed too; an unknown membership is NotFoundException.'),
    ],
  }),
}
