import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Boolean,
  EmailAddress,
  EmailStatus,
  ErrorCode,
  InviteStatus,
  License,
  NextToken,
  NonEmptyString,
  ProfileServiceMaxResults,
  RegistrationStatus,
  SensitiveString,
  Text,
  Timestamp,
  UserType,
  list,
  optional,
  structure,
} from '../../contract/shapes.ts'

export const Invite = structure({ InviteId: Text, Status: InviteStatus, EmailAddress, EmailStatus })
export const AlexaForBusinessMetadata = structure({
  IsAlexaForBusinessEnabled: optional(Boolean),
  AlexaForBusinessRoomArn: optional(SensitiveString),
})
export const User = structure({
  UserId: Text,
  AccountId: Text,
  PrimaryEmail: EmailAddress,
  PrimaryProvisionedNumber: SensitiveString,
  DisplayName: SensitiveString,
  LicenseType: License,
  UserType,
  UserRegistrationStatus: RegistrationStatus,
  UserInvitationStatus: InviteStatus,
  RegisteredOn: Timestamp,
  InvitedOn: Timestamp,
  AlexaForBusinessMetadata,
  PersonalPIN: Text,
})
export const UpdateUserRequestItem = structure({
  UserId: NonEmptyString,
  LicenseType: optional(License),
  UserType: optional(UserType),
  AlexaForBusinessMetadata: optional(AlexaForBusinessMetadata),
})
export const UserError = structure({ UserId: NonEmptyString, ErrorCode, ErrorMessage: Text })
export const TelephonySettings = structure({ InboundCalling: Boolean, OutboundCalling: Boolean, SMS: Boolean })
export const UserSettings = structure({ Telephony: TelephonySettings })

export const contract = {
  InviteUsers: operation({
    http: 'POST /accounts/{AccountId}/users?operation=add',
    status: 201,
    input: {
      AccountId: NonEmptyString,
      UserEmailList: list(EmailAddress, { min: 1, max: 50 }),
      UserType: optional(UserType),
    },
    output: { Invites: list(Invite) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  CreateUser: operation({
    http: 'POST /accounts/{AccountId}/users?operation=create',
    status: 201,
    input: {
      AccountId: NonEmptyString,
      Username: optional(Text),
      Email: optional(EmailAddress),
      UserType: optional(UserType),
    },
    output: { User },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  GetUser: operation({
    http: 'GET /accounts/{AccountId}/users/{UserId}',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: { User },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListUsers: operation({
    http: 'GET /accounts/{AccountId}/users?user-email={UserEmail}&user-type={UserType}&max-results={MaxResults}&next-token={NextToken}',
    input: {
      AccountId: NonEmptyString,
      UserEmail: optional(EmailAddress),
      UserType: optional(UserType),
      MaxResults: optional(ProfileServiceMaxResults),
      NextToken: optional(NextToken),
    },
    output: { Users: list(User), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  UpdateUser: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}',
    input: {
      AccountId: NonEmptyString,
      UserId: NonEmptyString,
      LicenseType: optional(License),
      UserType: optional(UserType),
      AlexaForBusinessMetadata: optional(AlexaForBusinessMetadata),
    },
    output: { User },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  BatchUpdateUser: operation({
    http: 'POST /accounts/{AccountId}/users',
    input: { AccountId: NonEmptyString, UpdateUserRequestItems: list(UpdateUserRequestItem, { min: 1, max: 20 }) },
    output: { UserErrors: list(UserError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  BatchSuspendUser: operation({
    http: 'POST /accounts/{AccountId}/users?operation=suspend',
    input: { AccountId: NonEmptyString, UserIdList: list(NonEmptyString, { min: 1, max: 50 }) },
    output: { UserErrors: list(UserError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  BatchUnsuspendUser: operation({
    http: 'POST /accounts/{AccountId}/users?operation=unsuspend',
    input: { AccountId: NonEmptyString, UserIdList: list(NonEmptyString, { min: 1, max: 50 }) },
    output: { UserErrors: list(UserError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  GetUserSettings: operation({
    http: 'GET /accounts/{AccountId}/users/{UserId}/settings',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: { UserSettings },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  UpdateUserSettings: operation({
    http: 'PUT /accounts/{AccountId}/users/{UserId}/settings',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString, UserSettings },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  LogoutUser: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=logout',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ResetPersonalPIN: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=reset-personal-pin',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: { User },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}

export const belfry = {
  /** What a person did in the original's client: the user is registered and has a PIN from then on. */
  AcceptInvitation: operation({
    http: 'POST /belfry/accounts/{AccountId}/users/{UserId}?operation=accept-invitation',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString, DisplayName: optional(SensitiveString) },
    output: { User },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  DeclineInvitation: operation({
    http: 'POST /belfry/accounts/{AccountId}/users/{UserId}?operation=decline-invitation',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** A person whose address is in a domain that the account claimed signs up. */
  RegisterUser: operation({
    http: 'POST /belfry/accounts/{AccountId}/users?operation=register',
    status: 201,
    input: { AccountId: NonEmptyString, Email: EmailAddress, DisplayName: optional(SensitiveString) },
    output: { User },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** For good; the number is free again, and who held it when stays on record. */
  DeleteUser: operation({
    http: 'DELETE /belfry/accounts/{AccountId}/users/{UserId}',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
