import { ServiceError, badRequest, limitExceeded, notFound } from '../../contract/errors.ts'
import type { AssignableNumber, AssignableUser, PhoneNumberRow } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Caller, OperationSettings } from '../operation.ts'

type StoredNumber = Row<'phone_numbers'>

/** The defaults of every number; `facts` override them. */
export const newPhoneNumber = (
  now: string,
  facts: Pick<StoredNumber, 'aws_account_id' | 'phone_number' | 'country' | 'type' | 'product_type' | 'status'> &
    Partial<StoredNumber>,
): StoredNumber => ({
  order_id: null,
  calling_name: null,
  calling_name_status: 'Unassigned',
  calling_name_due_at: null,
  created_at: now,
  updated_at: now,
  deleted_at: null,
  ...facts,
})

/** The stored form: E.164 with the plus sign. */
export const toE164 = (phoneNumber: string): string => `+${phoneNumber.replace(/^\+/, '')}`

/** The id in the original's form, percent-encoded. [documented samples] */
export const phoneNumberId = (phoneNumber: string): string => phoneNumber.replace('+', '%2B')

/** Accepts `%2B1206…`, `+1206…` and `1206…`. Throws `NotFoundException` for anything that cannot be a number. */
export function readPhoneNumberId(id: string): string {
  const number = e164In(id)
  if (number === undefined) throw notFound('PhoneNumber', id)
  return number
}

/** Returns undefined if the id cannot be a phone number. */
export function e164In(id: string): string | undefined {
  const digits = /^(?:\+|%2b)?([1-9]\d{1,14})$/i.exec(id)?.[1]
  return digits === undefined ? undefined : `+${digits}`
}

/** Includes the time of assignment, which is stored in `assignments` and counts as a change of the number. */
export const updatedAt = ({ updated_at, assigned_at }: PhoneNumberRow): string =>
  assigned_at !== null && assigned_at > updated_at ? assigned_at : updated_at

export const isAssigned = ({ user_id }: Pick<PhoneNumberRow, 'user_id'>): boolean => user_id !== null
export const isInDeletionQueue = ({ deleted_at }: PhoneNumberRow): boolean => deleted_at !== null

export const isHeldBy = (number: AssignableNumber, user: AssignableUser): boolean =>
  number.account_id === user.account_id && number.user_id === user.user_id

/**
 * 409 is not modelled here, so an assigned number is a 400. A number is never taken from its holder, and a user's number
 * is never replaced. License and registration do not matter.
 */
export function assertAssignable(number: AssignableNumber, user: AssignableUser): void {
  assertUsable(number)
  if (number.product_type !== 'BusinessCalling')
    throw badRequest('Only numbers of product type BusinessCalling can be associated with a user')
  if (isAssigned(number)) throw badRequest('The phone number is associated with another user')
  if (user.phone_number !== null) throw badRequest('The user is associated with another phone number')
}

/** Refuses numbers that are being acquired or are in the deletion queue. */
export function assertUsable({ status }: Pick<PhoneNumberRow, 'status'>): void {
  if (status === 'AcquireInProgress') throw badRequest('The phone number is still being acquired')
  if (status === 'AcquireFailed') throw badRequest('The phone number could not be acquired')
  if (status === 'ReleaseInProgress') throw badRequest('The phone number is in the deletion queue; restore it first')
}

export function assertDeletable(number: PhoneNumberRow): void {
  if (number.status === 'AcquireInProgress') throw badRequest('The phone number is still being acquired')
  assertNotAssigned(number)
}

export function assertNotAssigned(number: PhoneNumberRow): void {
  if (isAssigned(number))
    throw badRequest(
      'The phone number is associated with a user; disassociate it first',
      'PhoneNumberAssociationsExist',
    )
}

/** Toll-free numbers are never BusinessCalling; foreign ones are SipMediaApplicationDialIn. [documented] */
export function assertProductType(
  { country, type }: Pick<StoredNumber, 'country' | 'type'>,
  productType: StoredNumber['product_type'],
): void {
  if (productType === 'BusinessCalling' && type === 'TollFree')
    throw badRequest('Toll-free numbers cannot be of product type BusinessCalling')
  if (productType !== 'SipMediaApplicationDialIn' && country !== 'US' && country !== 'PR')
    throw badRequest('Numbers from outside the United States must be of product type SipMediaApplicationDialIn')
}

/** A change of the calling name takes time to propagate, and only one can be pending. [documented] */
export function assertNoCallingNamePending({ calling_name_status }: PhoneNumberRow): void {
  if (calling_name_status === 'UpdateInProgress')
    throw new ServiceError('ConflictException', 'Request could not be completed due to a conflict')
}

/** Refuses AWS accounts not approved for telephony. [text observed in public on SearchAvailablePhoneNumbers] */
export function assertTelephonyAllowed({ awsAccountId }: Caller, { restrictedAwsAccounts }: OperationSettings): void {
  if (restrictedAwsAccounts.includes(awsAccountId))
    throw new ServiceError('AccessDeniedException', `Service is restricted for AWSAccountId ${awsAccountId}`)
}

/** Without a quota the inventory is not counted, because concurrent orders that count conflict on PostgreSQL. */
export const hasQuota = ({ phoneNumberQuota }: OperationSettings): boolean => phoneNumberQuota > 0

/** As many numbers as need be counted. */
export const quotaAndOne = ({ phoneNumberQuota }: OperationSettings): number => phoneNumberQuota + 1

/** @param count the number of phone numbers after the order */
export function assertWithinQuota(count: number, { phoneNumberQuota }: OperationSettings): void {
  if (count > phoneNumberQuota) throw limitExceeded(phoneNumberQuota, 'phone numbers per AWS account')
}

/** Local numbers can call and message; toll-free numbers can only call. [documented samples, toll-free inferred] */
export function capabilitiesOf({ type }: PhoneNumberRow) {
  const messages = type === 'Local'
  return {
    InboundCall: true,
    InboundMMS: messages,
    InboundSMS: messages,
    OutboundCall: true,
    OutboundMMS: messages,
    OutboundSMS: messages,
  }
}

const local = ['Local'] as const
const localAndTollFree = ['Local', 'TollFree'] as const
const abroad = ['AU', 'AT', 'CA', 'DK', 'FI', 'DE', 'IE', 'IT', 'KR', 'NG', 'NZ', 'SE', 'CH', 'GB']

/** Countries with their number types. [documented rules and guide, list inferred] */
export function supportedCountries(
  productType: StoredNumber['product_type'],
): Record<string, readonly StoredNumber['type'][]> {
  if (productType === 'BusinessCalling') return { US: local, PR: local }
  if (productType === 'VoiceConnector') return { US: localAndTollFree, PR: localAndTollFree }
  return { US: localAndTollFree, ...Object.fromEntries(abroad.map((country) => [country, local])) }
}
