import { sql } from 'kysely'
import type { z } from 'zod'
import { notFound } from '../../contract/errors.ts'
import type { PhoneNumberStatus } from '../../contract/shapes.ts'
import { newId } from '../../database/ids.ts'
import type { PageRequest } from '../../database/paging.ts'
import type { Db, Row } from '../../database/tables.ts'
import type { Caller, Context } from '../../service/handshake.ts'
import type { AccountKey } from '../users/store.ts'
import { phoneNumberId } from './rules.ts'

type StoredNumber = Row<'phone_numbers'>
/** A number, with its present holder if it has one. */
export type PhoneNumberRow = StoredNumber & {
  account_id: string | null
  user_id: string | null
  assigned_at: string | null
}
/** What names a user in the database. */
export type UserKey = AccountKey & Pick<Row<'users'>, 'user_id'>

const phoneNumbers = (db: Db, { awsAccountId }: Caller) =>
  db
    .selectFrom('phone_numbers')
    .leftJoin('assignments', (join) =>
      join
        .onRef('assignments.aws_account_id', '=', 'phone_numbers.aws_account_id')
        .onRef('assignments.phone_number', '=', 'phone_numbers.phone_number')
        .on('assignments.unassigned_at', 'is', null),
    )
    .selectAll('phone_numbers')
    .select(['assignments.account_id', 'assignments.user_id', 'assignments.assigned_at'])
    .where('phone_numbers.aws_account_id', '=', awsAccountId)

/** @param phoneNumber E.164 with its plus. Throws `NotFoundException`. */
export async function requirePhoneNumber(db: Db, caller: Caller, phoneNumber: string): Promise<PhoneNumberRow> {
  const number = await phoneNumbers(db, caller).where('phone_numbers.phone_number', '=', phoneNumber).executeTakeFirst()
  if (!number) throw notFound('PhoneNumber', phoneNumberId(phoneNumber))
  return number
}

export interface PhoneNumberFilter {
  /** Any published status; some of them no number here ever has. */
  status: z.output<typeof PhoneNumberStatus> | undefined
  productType: StoredNumber['product_type'] | undefined
  accountId: string | undefined
  userId: string | undefined
}

/** Oldest first, the deletion queue included. */
export function listPhoneNumbers(db: Db, caller: Caller, filter: PhoneNumberFilter, { limit, after }: PageRequest) {
  let query = phoneNumbers(db, caller)
    .orderBy('phone_numbers.created_at')
    .orderBy('phone_numbers.phone_number')
    .limit(limit)
  if (after)
    query = query.where(sql<boolean>`(phone_numbers.created_at, phone_numbers.phone_number) > (${sql.join(after)})`)
  const { status, productType, accountId, userId } = filter
  if (status === 'Assigned') query = query.where('assignments.user_id', 'is not', null)
  else if (status !== undefined)
    query = query.where('status', '=', status as StoredNumber['status']).where('assignments.user_id', 'is', null)
  if (productType !== undefined) query = query.where('product_type', '=', productType)
  if (accountId !== undefined) query = query.where('assignments.account_id', '=', accountId)
  if (userId !== undefined) query = query.where('assignments.user_id', '=', userId)
  return query.execute()
}

/** Counts all that has not been purged, the deletion queue included. */
export async function countPhoneNumbers(db: Db, { awsAccountId }: Caller): Promise<number> {
  const { count } = await db
    .selectFrom('phone_numbers')
    .select(db.fn.countAll().as('count'))
    .where('aws_account_id', '=', awsAccountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function insertPhoneNumbers(db: Db, numbers: readonly StoredNumber[]): Promise<void> {
  if (numbers.length > 0) await db.insertInto('phone_numbers').values(numbers).execute()
}

export async function updatePhoneNumber(
  db: Db,
  number: PhoneNumberRow,
  changes: Partial<StoredNumber>,
): Promise<PhoneNumberRow> {
  await db
    .updateTable('phone_numbers')
    .set(changes)
    .where('aws_account_id', '=', number.aws_account_id)
    .where('phone_number', '=', number.phone_number)
    .execute()
  return { ...number, ...changes }
}

/** Finishes what an order began: the numbers it holds become usable, or are known not to come. */
export async function finishAcquisition(
  db: Db,
  { aws_account_id, order_id }: Pick<Row<'phone_number_orders'>, 'aws_account_id' | 'order_id'>,
  phoneNumbers: readonly string[],
  status: 'Unassigned' | 'AcquireFailed',
  now: string,
): Promise<void> {
  if (phoneNumbers.length === 0) return
  await db
    .updateTable('phone_numbers')
    .set({ status, updated_at: now })
    .where('aws_account_id', '=', aws_account_id)
    .where('order_id', '=', order_id)
    .where('phone_number', 'in', phoneNumbers)
    .where('status', '=', 'AcquireInProgress')
    .execute()
}

/** What names a number in the database. */
export type NumberKey = Pick<StoredNumber, 'aws_account_id' | 'phone_number'>

/** What went into the deletion queue by `before`, in any AWS account. */
export function listPurgeable(db: Db, before: string, atMost: number): Promise<NumberKey[]> {
  return db
    .selectFrom('phone_numbers')
    .select(['aws_account_id', 'phone_number'])
    .where('deleted_at', '<=', before)
    .limit(atMost)
    .execute()
}

/** Deletes for good, if it is due; who held the number when stays on record. Answers whether it did. */
export async function purgePhoneNumber(db: Db, { aws_account_id, phone_number }: NumberKey, before: string) {
  const { numDeletedRows } = await db
    .deleteFrom('phone_numbers')
    .where('aws_account_id', '=', aws_account_id)
    .where('phone_number', '=', phone_number)
    .where('deleted_at', '<=', before)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Numbers whose new calling name is due by `now`, in any AWS account. */
export function listDueCallingNames(db: Db, now: string, atMost: number): Promise<NumberKey[]> {
  return db
    .selectFrom('phone_numbers')
    .select(['aws_account_id', 'phone_number'])
    .where('calling_name_due_at', '<=', now)
    .limit(atMost)
    .execute()
}

/** Puts a calling name that is due by `now` into effect. Answers whether it did. */
export async function completeCallingName(db: Db, { aws_account_id, phone_number }: NumberKey, now: string) {
  const { numUpdatedRows } = await db
    .updateTable('phone_numbers')
    .set({ calling_name_status: 'UpdateSucceeded', calling_name_due_at: null, updated_at: now })
    .where('aws_account_id', '=', aws_account_id)
    .where('phone_number', '=', phone_number)
    .where('calling_name_due_at', '<=', now)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Opens an interval. The unique indexes refuse a second open one for the number or the user. */
export async function assignPhoneNumber(
  db: Db,
  number: PhoneNumberRow,
  user: UserKey,
  context: Context,
): Promise<void> {
  const { caller, now, requestId } = context
  await db
    .insertInto('assignments')
    .values({
      aws_account_id: user.aws_account_id,
      assignment_id: newId(now),
      phone_number: number.phone_number,
      account_id: user.account_id,
      user_id: user.user_id,
      assigned_at: now,
      assigned_by: caller.principalArn,
      assign_request_id: requestId,
    })
    .execute()
  await db
    .updateTable('phone_numbers')
    .set({ updated_at: now })
    .where('aws_account_id', '=', number.aws_account_id)
    .where('phone_number', '=', number.phone_number)
    .execute()
  await switchTelephonyOff(db, user)
}

/** Closes the user's open interval, if there is one. */
export const endAssignment = (db: Db, user: UserKey, context: Context): Promise<void> =>
  closeIntervals(db, user, context, user.user_id)

/** Closes the open intervals of all users of an account. */
export const endAssignments = (db: Db, account: AccountKey, context: Context): Promise<void> =>
  closeIntervals(db, account, context)

async function closeIntervals(db: Db, account: AccountKey, { caller, now, requestId }: Context, userId?: string) {
  const { aws_account_id, account_id } = account
  let query = db
    .updateTable('assignments')
    .set({ unassigned_at: now, unassigned_by: caller.principalArn, unassign_request_id: requestId })
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('unassigned_at', 'is', null)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  for (const { phone_number, user_id } of await query.returning(['phone_number', 'user_id']).execute()) {
    await db
      .updateTable('phone_numbers')
      .set({ updated_at: now })
      .where('aws_account_id', '=', aws_account_id)
      .where('phone_number', '=', phone_number)
      .execute()
    await switchTelephonyOff(db, { aws_account_id, account_id, user_id })
  }
}

/** Permissions never pass from one number to the next. */
async function switchTelephonyOff(db: Db, { aws_account_id, account_id, user_id }: UserKey) {
  await db
    .updateTable('users')
    .set({ inbound_calling: 0, outbound_calling: 0, sms: 0 })
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('user_id', '=', user_id)
    .where((eb) => eb(eb('inbound_calling', '+', eb('outbound_calling', '+', eb.ref('sms'))), '>', 0))
    .execute()
}
