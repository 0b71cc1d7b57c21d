import { ServiceError, badRequest } from '../../contract/errors.ts'
import type { Answer, InputOf } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { AccountRow, UserRow } from '../rows.ts'
import { awaitAll } from '../await-all.ts'
import type { OperationContext, Handlers } from '../operation.ts'
import { type BatchError, forEachItem } from '../batch.ts'
import { assertAccountType, assertSupportedLicense } from '../accounts/rules.ts'
import { listDomains, requireAccount, requireActiveAccount, requireEnterpriseAccount } from '../accounts/store.ts'
import { endAssignment } from '../assignments/store.ts'
import type { User, UserSettings, belfry, contract } from './contract.ts'
import { deleteMembershipsOf } from '../room-memberships/store.ts'
import { inviteUser } from './invitations.ts'
import {
  assertAddresses,
  assertInDomain,
  assertInvited,
  assertRegistered,
  displayNameOf,
  isSuspended,
  newPersonalPin,
  newUser,
} from './rules.ts'
import { findUser, findUserByEmail, findUserHorizon, insertUser, listUsers, requireUser, updateUser } from './store.ts'

const noUser = Promise.resolve(undefined)

export const handlers = {
  /** One invite per address, in the given order; a duplicate address is invited once. */
  async InviteUsers({ AccountId, UserEmailList, UserType }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    assertAccountType(account, 'Team')
    assertAddresses(UserEmailList)
    const Invites = []
    for (const email of withoutRepeats(UserEmailList)) Invites.push(await inviteUser(context, account, email, UserType))
    return { Invites }
  },

  /** Creates a registered user. The original did so only for directory accounts; a setting restores that. */
  CreateUser: {
    conflictKeys: ({ Email }) => (Email === undefined ? [] : [`address ${Email.toLowerCase()}`]),
    async handle({ AccountId, Username, Email, UserType }, context) {
      const { db, caller, now, settings } = context
      const [account, holder] = await awaitAll(
        requireActiveAccount(db, caller, AccountId),
        Email === undefined ? noUser : findUserByEmail(db, Email),
      )
      if (settings.createUserDirectoryOnly && account.account_type !== 'EnterpriseDirectory')
        throw badRequest('Service received a bad request')
      assertUnused(holder)
      const user = newUser(account, now, {
        email: Email ?? null,
        ...registration(Username, Email, now),
        ...(UserType && { user_type: UserType }),
      })
      await insertUser(db, user)
      return { User: toUser({ ...user, phone_number: null }) }
    },
  },

  /** The only read that shows the personal PIN. */
  async GetUser({ AccountId, UserId }, context) {
    const user = await requireUserOf(context, AccountId, UserId)
    return { User: { ...toUser(user), PersonalPIN: user.personal_pin } }
  },

  async ListUsers(input, { db, caller }) {
    const account = await requireAccount(db, caller, input.AccountId)
    const filter = { email: input.UserEmail, userType: input.UserType }
    const { rows, nextToken } = await page(input, {
      defaultLimit: 100,
      scope: ['ListUsers', caller.awsAccountId, input.AccountId, input.UserEmail, input.UserType],
      fetch: (request) => listUsers(db, account, filter, request),
      positionOf: ({ created_at, user_id }) => [created_at, user_id],
      findHorizon: (after) => findUserHorizon(db, account, filter, after),
    })
    return { Users: rows.map(toUser), NextToken: nextToken }
  },

  async UpdateUser({ AccountId, UserId, ...changes }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    const user = await requireUser(context.db, account, UserId)
    const updated = await changeUser(context, account, user, changes)
    return { User: toUser(updated) }
  },

  /** Items are applied in order; a refused item does not affect the others. */
  async BatchUpdateUser({ AccountId, UpdateUserRequestItems }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    return forEachUser(context, account, UpdateUserRequestItems, (user, { UserId: _, ...changes }) =>
      changeUser(context, account, user, changes),
    )
  },

  /** On a Team account the user is removed and the number released; on Login with Amazon the user can sign in again. */
  async BatchSuspendUser({ AccountId, UserIdList }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    assertAccountType(account, 'Team', 'EnterpriseLWA')
    return forEachUser(context, account, toItems(UserIdList), (user) => suspend(account, user, context))
  },

  /** Silently skips users that are not suspended. [documented] */
  async BatchUnsuspendUser({ AccountId, UserIdList }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    assertAccountType(account, 'EnterpriseLWA')
    return forEachUser(context, account, toItems(UserIdList), async (user) => {
      if (isSuspended(user)) await updateUser(context.db, user, { registration_status: 'Registered' })
    })
  },

  async GetUserSettings({ AccountId, UserId }, context) {
    return { UserSettings: toUserSettings(await requireUserOf(context, AccountId, UserId)) }
  },

  /** Replaces all three settings; they are stored even if the user has no number. */
  async UpdateUserSettings({ AccountId, UserId, UserSettings }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    const user = await requireUser(context.db, account, UserId)
    const { InboundCalling, OutboundCalling, SMS } = UserSettings.Telephony
    await updateUser(context.db, user, {
      inbound_calling: Number(InboundCalling),
      outbound_calling: Number(OutboundCalling),
      sms: Number(SMS),
    })
    return {}
  },

  /** Ends all sessions of the user; status and permissions do not change. */
  async LogoutUser({ AccountId, UserId }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    const user = await requireUser(context.db, account, UserId)
    await updateUser(context.db, user, { signed_out_at: context.now })
    return {}
  },

  /** The old PIN becomes invalid. Only registered users have one. */
  async ResetPersonalPIN({ AccountId, UserId }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    const user = await requireUser(context.db, account, UserId)
    assertRegistered(user)
    const PersonalPIN = newPersonalPin(user.personal_pin)
    await updateUser(context.db, user, { personal_pin: PersonalPIN })
    return { User: { ...toUser(user), PersonalPIN } }
  },

  async AcceptInvitation({ AccountId, UserId, DisplayName }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    const user = await requireUser(context.db, account, UserId)
    assertInvited(user)
    const accepted = await updateUser(context.db, user, {
      ...registration(DisplayName, user.email ?? undefined, context.now),
      invitation_status: 'Accepted',
    })
    return { User: { ...toUser(accepted), PersonalPIN: accepted.personal_pin } }
  },

  /** Removes the user, who can be invited again. */
  async DeclineInvitation({ AccountId, UserId }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    const user = await requireUser(context.db, account, UserId)
    assertInvited(user)
    await removeUser(user, context)
    return {}
  },

  async RegisterUser({ AccountId, Email, DisplayName }, context) {
    const { db, caller, now } = context
    const account = await requireEnterpriseAccount(db, caller, AccountId)
    const domains = await listDomains(db, account)
    assertInDomain(
      Email,
      domains.map(({ domain }) => domain),
    )
    assertUnused(await findUserByEmail(db, Email))
    const user = newUser(account, now, { email: Email, ...registration(DisplayName, Email, now) })
    await insertUser(db, user)
    return { User: { ...toUser({ ...user, phone_number: null }), PersonalPIN: user.personal_pin } }
  },

  async DeleteUser({ AccountId, UserId }, context) {
    const account = await requireActiveAccount(context.db, context.caller, AccountId)
    await removeUser(await requireUser(context.db, account, UserId), context)
    return {}
  },
} satisfies Handlers<typeof contract & typeof belfry>

/** The columns of a registered user. */
const registration = (name: string | undefined, email: string | undefined, now: string) => ({
  display_name: displayNameOf(name, email),
  registration_status: 'Registered' as const,
  registered_at: now,
  personal_pin: newPersonalPin(),
})

async function suspend({ account_type }: AccountRow, user: UserRow, context: OperationContext) {
  const { db, now } = context
  const signedOut = account_type === 'EnterpriseLWA' && { signed_out_at: now }
  await updateUser(db, user, { registration_status: 'Suspended', ...signedOut })
  if (account_type === 'Team') await endAssignment(db, user, context)
}

/** Releases number, rooms, PIN, address and sessions. The row stays because the assignment history refers to it. */
async function removeUser(user: UserRow, context: OperationContext) {
  const { db, now } = context
  await endAssignment(db, user, context)
  await deleteMembershipsOf(db, user)
  await updateUser(db, user, { deleted_at: now, signed_out_at: now, personal_pin: null })
}

/** The account is read only if the user was not found, to tell a missing account from a missing user. */
async function requireUserOf({ db, caller }: OperationContext, accountId: string, userId: string): Promise<UserRow> {
  const account = { aws_account_id: caller.awsAccountId, account_id: accountId }
  const user = await findUser(db, account, userId)
  return user ?? requireUser(db, await requireAccount(db, caller, accountId), userId)
}

const withoutRepeats = (emails: readonly string[]) =>
  emails.filter((email, index) => emails.findIndex((other) => other.toLowerCase() === email.toLowerCase()) === index)

/** @param holder the user that has the address */
function assertUnused(holder: UserRow | undefined) {
  if (holder) throw new ServiceError('ConflictException', 'Request could not be completed due to a conflict')
}

type UserChanges = Omit<InputOf<(typeof contract)['UpdateUser']>, 'AccountId' | 'UserId'>

async function changeUser(
  { db }: OperationContext,
  account: AccountRow,
  user: UserRow,
  changes: UserChanges,
): Promise<UserRow> {
  const { LicenseType, UserType, AlexaForBusinessMetadata: alexa } = changes
  if (LicenseType) assertSupportedLicense(account, LicenseType)
  return updateUser(db, user, {
    ...(LicenseType && { license_type: LicenseType }),
    ...(UserType && { user_type: UserType }),
    ...(alexa?.IsAlexaForBusinessEnabled !== undefined && { alexa_enabled: Number(alexa.IsAlexaForBusinessEnabled) }),
    ...(alexa?.AlexaForBusinessRoomArn !== undefined && { alexa_room_arn: alexa.AlexaForBusinessRoomArn }),
  })
}

const toItems = (ids: readonly string[]) => ids.map((UserId) => ({ UserId }))

/** Processes each named user; a refusal becomes an entry of `UserErrors`. */
async function forEachUser<Item extends { UserId: string }>(
  { db }: OperationContext,
  account: AccountRow,
  items: readonly Item[],
  act: (user: UserRow, item: Item) => Promise<unknown>,
) {
  const refusals = await forEachItem(items, async (item) => act(await requireUser(db, account, item.UserId), item))
  return { UserErrors: refusals.map(({ item, ...error }) => toUserError(item.UserId, error)) }
}

const toUserError = (UserId: string, error: BatchError) => ({ UserId, ...error })

/** Without the personal PIN, which most responses omit. [documented samples] */
const toUser = (user: UserRow): Answer<typeof User> => ({
  UserId: user.user_id,
  AccountId: user.account_id,
  PrimaryEmail: user.email,
  PrimaryProvisionedNumber: user.phone_number,
  DisplayName: user.display_name,
  LicenseType: user.license_type,
  UserType: user.user_type,
  UserRegistrationStatus: user.registration_status,
  UserInvitationStatus: user.invitation_status,
  RegisteredOn: user.registered_at,
  InvitedOn: user.invited_at,
  AlexaForBusinessMetadata: {
    AlexaForBusinessRoomArn: user.alexa_room_arn,
    IsAlexaForBusinessEnabled: user.alexa_enabled === 1,
  },
  PersonalPIN: null,
})

const toUserSettings = (user: UserRow): Answer<typeof UserSettings> => ({
  Telephony: {
    InboundCalling: user.inbound_calling === 1,
    OutboundCalling: user.outbound_calling === 1,
    SMS: user.sms === 1,
  },
})
