import { ServiceError, badRequest, notFound } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { PhoneNumberRow } from '../rows.ts'
import { shift } from '../../primitives/time.ts'
import { awaitAll } from '../await-all.ts'
import type { Caller, OperationContext, Handlers } from '../operation.ts'
import { assertActive } from '../accounts/rules.ts'
import { requireAccount } from '../accounts/store.ts'
import { type BatchError, forEachItem } from '../batch.ts'
import { assignPhoneNumber, endAssignment } from '../assignments/store.ts'
import { assertNotSuspended } from '../users/rules.ts'
import { findAssignableUser } from '../users/store.ts'
import type { PhoneNumber, PhoneNumberAssociation, contract } from './contract.ts'
import {
  assertAssignable,
  assertDeletable,
  assertNoCallingNamePending,
  assertNotAssigned,
  assertProductType,
  assertTelephonyAllowed,
  assertUsable,
  assertWithinQuota,
  hasQuota,
  capabilitiesOf,
  isAssigned,
  isHeldBy,
  isInDeletionQueue,
  phoneNumberId,
  quotaAndOne,
  readPhoneNumberId,
  supportedCountries,
  toE164,
  updatedAt,
} from './rules.ts'
import { findNumberHorizon, holderFilter, listPhoneNumbers } from './listing.ts'
import {
  countPhoneNumbers,
  forgetFailedAcquisitions,
  requireAssignableNumber,
  requirePhoneNumber,
  updatePhoneNumber,
} from './store.ts'

type NamedUser = { AccountId: string; UserId: string }

const userKey = ({ AccountId, UserId }: NamedUser, { awsAccountId }: Caller) =>
  `${awsAccountId} user ${AccountId} ${UserId}`

const numberKey = ({ E164PhoneNumber }: { E164PhoneNumber: string }, { awsAccountId }: Caller) =>
  `${awsAccountId} number ${toE164(E164PhoneNumber)}`

export const handlers = {
  /** Idempotent. Assigns a number of the inventory to a user without a number. */
  AssociatePhoneNumberWithUser: {
    conflictKeys: (input, caller) => [userKey(input, caller), numberKey(input, caller)],
    async handle(input, context) {
      const { db, caller, settings } = context
      assertTelephonyAllowed(caller, settings)
      const { awsAccountId: aws_account_id } = caller
      const [user, number] = await awaitAll(
        requireAssignableUser(context, input),
        requireAssignableNumber(db, { aws_account_id, phone_number: toE164(input.E164PhoneNumber) }),
      )
      assertNotSuspended(user)
      if (isHeldBy(number, user)) return {}
      assertAssignable(number, user)
      await assignPhoneNumber(db, number, user, context)
      return {}
    },
  },

  /** The request names no number because a user has at most one. */
  DisassociatePhoneNumberFromUser: {
    conflictKeys: (input, caller) => [userKey(input, caller)],
    async handle(input, context) {
      const user = await requireAssignableUser(context, input)
      if (user.phone_number === null)
        throw new ServiceError('NotFoundException', `Could not find PhoneNumber for User with Id '${input.UserId}'`)
      await endAssignment(context.db, user, context)
      return {}
    },
  },

  async GetPhoneNumber({ PhoneNumberId }, context) {
    return { PhoneNumber: toPhoneNumber(await requireById(context, PhoneNumberId)) }
  },

  /** The default page size is the maximum, 99, so that a listing without paging is as complete as possible. */
  async ListPhoneNumbers(input, { db, caller }) {
    const { Status, ProductType, FilterName, FilterValue } = input
    assertPair(FilterName, FilterValue)
    const holder = await readHolder(FilterName, FilterValue, { db, caller })
    const filter = { status: Status, productType: ProductType, holder }
    // No number here is associated with a Voice Connector or a SIP rule.
    const matchesNothing = FilterName !== undefined && FilterName !== 'AccountId' && FilterName !== 'UserId'
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListPhoneNumbers', caller.awsAccountId, Status, ProductType, FilterName, FilterValue],
      fetch: async (request) => (matchesNothing ? [] : listPhoneNumbers(db, caller, filter, request)),
      positionOf: ({ created_at, phone_number }) => [created_at, phone_number],
      findHorizon: matchesNothing ? undefined : (after) => findNumberHorizon(db, caller, filter, after),
    })
    return { PhoneNumbers: rows.map(toPhoneNumber), NextToken: nextToken }
  },

  async UpdatePhoneNumber({ PhoneNumberId, ...change }, context) {
    return { PhoneNumber: toPhoneNumber(await changePhoneNumber(PhoneNumberId, change, context)) }
  },

  async BatchUpdatePhoneNumber({ UpdatePhoneNumberRequestItems }, context) {
    const refusals = await forEachItem(UpdatePhoneNumberRequestItems, ({ PhoneNumberId, ...change }) =>
      changePhoneNumber(PhoneNumberId, change, context),
    )
    return { PhoneNumberErrors: refusals.map(({ item, ...error }) => toPhoneNumberError(item.PhoneNumberId, error)) }
  },

  async DeletePhoneNumber({ PhoneNumberId }, context) {
    await removePhoneNumber(PhoneNumberId, context)
    return {}
  },

  async BatchDeletePhoneNumber({ PhoneNumberIds }, context) {
    const refusals = await forEachItem(PhoneNumberIds, (id) => removePhoneNumber(id, context))
    return { PhoneNumberErrors: refusals.map(({ item, ...error }) => toPhoneNumberError(item, error)) }
  },

  /** Takes a number out of the deletion queue, with its product type and calling name unchanged. */
  async RestorePhoneNumber({ PhoneNumberId }, context) {
    const { db, caller, now, settings } = context
    const number = await requireById(context, PhoneNumberId)
    if (!isInDeletionQueue(number)) throw badRequest('The phone number is not in the deletion queue')
    if (hasQuota(settings)) assertWithinQuota(await countPhoneNumbers(db, caller, quotaAndOne(settings)), settings)
    const restored = await updatePhoneNumber(db, number, { status: 'Unassigned', deleted_at: null, updated_at: now })
    return { PhoneNumber: toPhoneNumber(restored) }
  },

  async ListSupportedPhoneNumberCountries({ ProductType }, { caller, settings }) {
    assertTelephonyAllowed(caller, settings)
    const countries = Object.entries(supportedCountries(ProductType))
    return {
      PhoneNumberCountries: countries.map(([CountryCode, SupportedPhoneNumberTypes]) => ({
        CountryCode,
        SupportedPhoneNumberTypes,
      })),
    }
  },
} satisfies Handlers<typeof contract>

/** The account is read only if the user was not found, to tell a missing account from a missing user. */
async function requireAssignableUser({ db, caller }: OperationContext, { AccountId, UserId }: NamedUser) {
  const key = { aws_account_id: caller.awsAccountId, account_id: AccountId, user_id: UserId }
  const user = await findAssignableUser(db, key)
  assertActive(user ?? (await requireAccount(db, caller, AccountId)))
  if (!user) throw notFound('User', UserId)
  return user
}

const requireById = ({ db, caller }: OperationContext, id: string) =>
  requirePhoneNumber(db, caller, readPhoneNumberId(id))

interface Change {
  ProductType?: PhoneNumberRow['product_type'] | undefined
  CallingName?: string | undefined
}

/** A request changes exactly one attribute. [documented] */
async function changePhoneNumber(id: string, { ProductType, CallingName }: Change, context: OperationContext) {
  if ((ProductType === undefined) === (CallingName === undefined))
    throw badRequest('Exactly one of ProductType and CallingName must be given')
  const number = await requireById(context, id)
  assertUsable(number)
  if (ProductType !== undefined) return changeProductType(number, ProductType, context)
  return changeCallingName(number, CallingName ?? '', context)
}

/** Idempotent. Moves a number to the deletion queue; one whose acquisition failed is deleted at once. */
async function removePhoneNumber(id: string, context: OperationContext) {
  const number = await requireById(context, id)
  if (isInDeletionQueue(number)) return
  assertDeletable(number)
  const { db, now } = context
  if (number.status === 'AcquireFailed') await forgetFailedAcquisitions(db, context.caller, [number.phone_number])
  else await updatePhoneNumber(db, number, { status: 'ReleaseInProgress', deleted_at: now, updated_at: now })
}

function assertPair(name: string | undefined, value: string | undefined) {
  if ((name === undefined) !== (value === undefined))
    throw badRequest('FilterName and FilterValue must be given together')
}

async function readHolder(
  name: string | undefined,
  value: string | undefined,
  { db, caller }: Pick<OperationContext, 'db' | 'caller'>,
) {
  if (value === undefined) return undefined
  if (name === 'UserId') return { userId: value }
  return name === 'AccountId' ? holderFilter(db, caller, value) : undefined
}

async function changeProductType(
  number: PhoneNumberRow,
  productType: PhoneNumberRow['product_type'],
  { db, now }: OperationContext,
) {
  if (number.product_type === productType) return number
  assertNotAssigned(number)
  assertProductType(number, productType)
  return updatePhoneNumber(db, number, { product_type: productType, updated_at: now })
}

/** A new name takes effect after a delay; an empty name clears it at once. */
async function changeCallingName(number: PhoneNumberRow, name: string, { db, now, settings }: OperationContext) {
  assertNoCallingNamePending(number)
  const cleared = { calling_name: null, calling_name_status: 'Unassigned' } as const
  const pending = {
    calling_name: name,
    calling_name_status: 'UpdateInProgress',
    calling_name_due_at: shift(now, settings.callingNameDelayMs),
  } as const
  return updatePhoneNumber(db, number, { ...(name === '' ? cleared : pending), updated_at: now })
}

const toPhoneNumber = (number: PhoneNumberRow): Answer<typeof PhoneNumber> => ({
  PhoneNumberId: phoneNumberId(number.phone_number),
  E164PhoneNumber: number.phone_number,
  Country: number.country,
  Type: number.type,
  ProductType: number.product_type,
  Status: isAssigned(number) ? 'Assigned' : number.status,
  Capabilities: capabilitiesOf(number),
  Associations: toAssociations(number),
  CallingName: number.calling_name,
  CallingNameStatus: number.calling_name_status,
  CreatedTimestamp: number.created_at,
  UpdatedTimestamp: updatedAt(number),
  DeletionTimestamp: number.deleted_at,
})

const toPhoneNumberError = (PhoneNumberId: string, error: BatchError) => ({ PhoneNumberId, ...error })

/** Two entries, because both list filters must find the number. */
function toAssociations({ account_id, user_id, assigned_at }: PhoneNumberRow): Answer<typeof PhoneNumberAssociation>[] {
  if (user_id === null) return []
  return [
    { AssociatedTimestamp: assigned_at, Name: 'AccountId', Value: account_id },
    { AssociatedTimestamp: assigned_at, Name: 'UserId', Value: user_id },
  ]
}
