import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred } from '../../contract/provenance.ts'
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
    rules: [
      documented(
        'For Team accounts; one Pending invite per address in the order given, and a user who is Unregistered until they accept.',
      ),
      documented('A suspended user gets a fresh invite, which is how the suspension of a Team user is lifted.'),
      inferred('Other account types and an empty list are BadRequestException for the whole call.'),
      inferred('So is an address with a blank, a control character, a quote or a separator, which is not one mailbox.'),
      inferred(
        "A pending address keeps its InviteId, a member's is Accepted, that of another account's user Failed; repeats within a call collapse.",
      ),
      differs(
        'No mail is sent unless BELFRY_SMTP_URL names a mail server; `EmailStatus` is NotSent then, where the published sample has Sent.',
      ),
    ],
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
    rules: [
      documented(
        "The user is Registered at once with the account's default license; the answer shows neither PIN nor number.",
      ),
      documented('`SharedDevice` makes the profile of a conference room device.'),
      inferred('An Email or a Username is needed; the display name is the Username, else what stands before the @.'),
      inferred('An address that any user of the installation has, in whatever case, is ConflictException.'),
      differs(
        'Works on every account type; the original refused all but directory accounts (observed), as BELFRY_CREATE_USER_DIRECTORY_ONLY does.',
      ),
    ],
  }),
  GetUser: operation({
    http: 'GET /accounts/{AccountId}/users/{UserId}',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: { User },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        'Shows the PIN of ten digits that a user gets with registration; besides this only ResetPersonalPIN does.',
      ),
      documented(
        '`AlexaForBusinessMetadata` is always there, switched off at first; the times of invitation and registration are null before.',
      ),
      inferred('A user of another account is not found; `PrimaryProvisionedNumber` is E.164 with its plus.'),
    ],
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
    rules: [
      documented(
        '`user-email` finds one user at most; suspended and invited users are listed too; no PINs; 100 to a page unless told.',
      ),
      inferred('Addresses are compared without regard to case; oldest first.'),
    ],
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
    rules: [
      documented('`LicenseType` must be a license the account supports.'),
      inferred('Another one is BadRequestException; licenses can be changed on every account type.'),
      inferred(
        '`UserType` and `AlexaForBusinessMetadata` are applied too, though the reference speaks of licenses alone; an empty body changes nothing.',
      ),
      differs('Answers the user in full, without the PIN; in the published sample everything but the id is null.'),
    ],
  }),
  BatchUpdateUser: operation({
    http: 'POST /accounts/{AccountId}/users',
    input: { AccountId: NonEmptyString, UpdateUserRequestItems: list(UpdateUserRequestItem, { min: 1, max: 20 }) },
    output: { UserErrors: list(UserError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Up to 20 users; `UserErrors` is always there, and empty when nothing was refused.'),
      inferred(
        'An unknown user is NotFound and an unsupported license BadRequest, for that item alone; items are applied in order.',
      ),
      inferred('An empty list is BadRequestException.'),
    ],
  }),
  BatchSuspendUser: operation({
    http: 'POST /accounts/{AccountId}/users?operation=suspend',
    input: { AccountId: NonEmptyString, UserIdList: list(NonEmptyString, { min: 1, max: 50 }) },
    output: { UserErrors: list(UserError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        'For Team and EnterpriseLWA accounts, up to 50 users; single refusals come in `UserErrors` with status 200.',
      ),
      documented('An EnterpriseLWA user is signed out as well, and BatchUnsuspendUser is the way back.'),
      inferred(
        'Other account types and an empty list are BadRequestException; an unknown user is NotFound, a suspended one no error.',
      ),
      inferred(
        'A Team user loses their phone number and stays in the account as Suspended; an EnterpriseLWA user keeps the number.',
      ),
      differs('Who is suspended from a Team account does not go on as a free user elsewhere.'),
    ],
  }),
  BatchUnsuspendUser: operation({
    http: 'POST /accounts/{AccountId}/users?operation=unsuspend',
    input: { AccountId: NonEmptyString, UserIdList: list(NonEmptyString, { min: 1, max: 50 }) },
    output: { UserErrors: list(UserError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        'For EnterpriseLWA accounts, up to 50 users: suspended ones are Registered again, others are passed over in silence.',
      ),
      inferred(
        'Other account types and an empty list are BadRequestException; an unknown user is NotFound in `UserErrors`.',
      ),
    ],
  }),
  GetUserSettings: operation({
    http: 'GET /accounts/{AccountId}/users/{UserId}/settings',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: { UserSettings },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Everything is off at first, and again when a number is associated.'),
      inferred('A user without a number has settings too; a change is read back at once.'),
    ],
  }),
  UpdateUserSettings: operation({
    http: 'PUT /accounts/{AccountId}/users/{UserId}/settings',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString, UserSettings },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Replaces all three settings, of which none may be missing.'),
      inferred('Kept for a user without a number as well, until one comes and switches them off.'),
      differs('Nothing acts on the settings: Belfry places no calls and sends no messages.'),
    ],
  }),
  LogoutUser: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=logout',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      inferred('Answered 204 also where nobody is signed in; the status of the user stays.'),
      differs('There are no clients to sign out: the time is kept on record, and that is all.'),
    ],
  }),
  ResetPersonalPIN: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=reset-personal-pin',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: { User },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Answers the whole user with a new PIN; the old one is void.'),
      inferred(
        'The new PIN is never the old one, and no two users share one; a user who is not Registered is BadRequestException.',
      ),
    ],
  }),
}

export const belfry = {
  /** In the original, done by the invitee in the client. The user is then registered and has a PIN. */
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
  /** Sign-up of a person whose address is in a domain that the account has claimed. */
  RegisterUser: operation({
    http: 'POST /belfry/accounts/{AccountId}/users?operation=register',
    status: 201,
    input: { AccountId: NonEmptyString, Email: EmailAddress, DisplayName: optional(SensitiveString) },
    output: { User },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** Permanent. Releases the user's number; the history of assignments stays on record. */
  DeleteUser: operation({
    http: 'DELETE /belfry/accounts/{AccountId}/users/{UserId}',
    status: 204,
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
