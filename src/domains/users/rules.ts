import { randomInt } from 'node:crypto'
import { badRequest } from '../../contract/errors.ts'
import { newId } from '../../primitives/ids.ts'
import { isMailAddress } from '../../primitives/mail-address.ts'
import type { Row } from '../../database/schema/tables.ts'
import { shift } from '../../primitives/time.ts'
import type { Mail } from '../outbound.ts'

type StoredUser = Row<'users'>
export type Flag = 'alexa_enabled' | 'inbound_calling' | 'outbound_calling' | 'sms'
/** A new user has no flags set. */
export type NewUser = StoredUser & Record<Flag, 0>

/** The defaults of every user; `facts` override them. */
export function newUser(
  account: Pick<Row<'accounts'>, 'aws_account_id' | 'account_id' | 'default_license'>,
  now: string,
  facts: Partial<Omit<StoredUser, Flag>> & Pick<StoredUser, 'registration_status'>,
): NewUser {
  const { aws_account_id, account_id, default_license } = account
  return {
    aws_account_id,
    account_id,
    user_id: newId(now),
    email: null,
    display_name: null,
    license_type: default_license,
    user_type: 'PrivateUser',
    invitation_status: null,
    invite_id: null,
    invited_at: null,
    registered_at: null,
    personal_pin: null,
    signed_out_at: null,
    alexa_enabled: 0,
    alexa_room_arn: null,
    inbound_calling: 0,
    outbound_calling: 0,
    sms: 0,
    created_at: now,
    deleted_at: null,
    ...facts,
    email_key: facts.email?.toLowerCase() ?? null,
  }
}

/** Ten digits without a leading zero; a unique index prevents duplicates. */
export function newPersonalPin(old: string | null = null): string {
  const pin = String(randomInt(1_000_000_000, 10_000_000_000))
  return pin === old ? newPersonalPin(old) : pin
}

/** An invitation can be accepted even if its message could not be sent. */
export const isPending = ({ invitation_status, registration_status }: StoredUser): boolean =>
  registration_status === 'Unregistered' && (invitation_status === 'Pending' || invitation_status === 'Failed')

export function assertInvited(user: StoredUser): void {
  if (!isPending(user)) throw badRequest('The user has no pending invitation')
}

/** A mail server would take several addresses, or another mailbox, from a text that has separators or quotes. */
export function assertAddresses(addresses: readonly string[]): void {
  if (!addresses.every(isMailAddress))
    throw badRequest('UserEmailList must have one address in each item, without blanks, quotes or separators')
}

export const writeInvitation = (to: string, accountName: string, inviteId: string): Mail => ({
  to,
  subject: `You are invited to join ${accountName}`,
  text: `${accountName} invites you to its calls, meetings and chat rooms.\n\nYour administrator completes your registration; the invitation is ${inviteId}.\n`,
})

const minuteMs = 60 * 1000
/** Mail servers may defer a message, so retries are spread over about a day. [inferred] */
const mailPausesMs = [1, 5, 30, 120, 1440].map((minutes) => minutes * minuteMs)

/** When the next attempt is due, or undefined if the message is to be dropped. @param attempts made so far */
export function nextMailAttempt(attempts: number, now: string): string | undefined {
  const pause = mailPausesMs[attempts - 1]
  return pause === undefined ? undefined : shift(now, pause)
}

export function assertInDomain(email: string, domains: readonly string[]): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (!domains.includes(domain)) throw badRequest('The address is in no domain that the account claimed')
}

export function assertRegistered({ registration_status }: StoredUser): void {
  if (registration_status !== 'Registered') throw badRequest('The user is not registered')
}

/** The given name, else the local part of the address. [inferred] */
export function displayNameOf(username: string | undefined, email: string | undefined): string {
  const name = username?.trim() || email?.split('@')[0]
  if (name === undefined) throw badRequest('A user needs a Username or an Email')
  return name
}

type Telephony = Pick<StoredUser, 'inbound_calling' | 'outbound_calling' | 'sms'>
export const isTelephonyOn = ({ inbound_calling, outbound_calling, sms }: Telephony): boolean =>
  inbound_calling + outbound_calling + sms > 0

export const isSuspended = ({ registration_status }: Pick<StoredUser, 'registration_status'>): boolean =>
  registration_status === 'Suspended'

export function assertNotSuspended(user: Pick<StoredUser, 'registration_status'>): void {
  if (isSuspended(user)) throw badRequest('The user is suspended')
}
