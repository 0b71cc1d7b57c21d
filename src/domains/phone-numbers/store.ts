import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import { isOpen, lastEnd } from '../assignments/intervals.ts'
import type { AssignableNumber, NumberKey, PhoneNumberRow } from '../rows.ts'
import { preparedWrite, preparedQuery } from '../../database/prepared-query.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db, Queries } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'
import { phoneNumberId } from './rules.ts'

type StoredNumber = Row<'phone_numbers'>

/** With their present holders. */
export const phoneNumbers = (db: Queries, { awsAccountId }: Pick<Caller, 'awsAccountId'>) =>
  db
    .selectFrom('phone_numbers')
    .leftJoin('assignments', (join) =>
      join
        .onRef('assignments.aws_account_id', '=', 'phone_numbers.aws_account_id')
        .onRef('assignments.phone_number', '=', 'phone_numbers.phone_number')
        .on(isOpen),
    )
    .selectAll('phone_numbers')
    .select(['assignments.account_id', 'assignments.user_id', 'assignments.assigned_at'])
    .where('phone_numbers.aws_account_id', '=', awsAccountId)

const phoneNumberByName = preparedQuery((db, key: { awsAccountId: string; phoneNumber: string }) =>
  phoneNumbers(db, key).where('phone_numbers.phone_number', '=', key.phoneNumber),
)

/** @param phoneNumber E.164 with the plus sign */
export async function findPhoneNumber(
  db: Db,
  { awsAccountId }: Caller,
  phoneNumber: string,
): Promise<PhoneNumberRow | undefined> {
  const [number] = await phoneNumberByName(db, { awsAccountId, phoneNumber })
  return number
}

/** Throws `NotFoundException`. @param phoneNumber E.164 with the plus sign */
export async function requirePhoneNumber(db: Db, caller: Caller, phoneNumber: string): Promise<PhoneNumberRow> {
  const number = await findPhoneNumber(db, caller, phoneNumber)
  if (!number) throw notFound('PhoneNumber', phoneNumberId(phoneNumber))
  return number
}

const assignableByName = preparedQuery((db, key: NumberKey) =>
  phoneNumbers(db, { awsAccountId: key.aws_account_id })
    .clearSelect()
    .select(['phone_numbers.aws_account_id', 'phone_numbers.phone_number', 'phone_numbers.status'])
    .select(['phone_numbers.product_type', 'assignments.account_id', 'assignments.user_id'])
    .select(lastEnd(db, key).where('phone_number', '=', key.phone_number).as('last_end'))
    .where('phone_numbers.phone_number', '=', key.phone_number),
)

/** Throws `NotFoundException`. @param key with the number as E.164 with the plus sign */
export async function requireAssignableNumber(db: Db, key: NumberKey): Promise<AssignableNumber> {
  const [number] = await assignableByName(db, key)
  if (!number) throw notFound('PhoneNumber', phoneNumberId(key.phone_number))
  return number
}

/** Counts the numbers that have not been purged, including the deletion queue; there may be more than `atMost`. */
export function countPhoneNumbers(db: Db, { awsAccountId }: Caller, atMost: number): Promise<number> {
  const numbers = db.selectFrom('phone_numbers').select('phone_number').where('aws_account_id', '=', awsAccountId)
  return count(db.selectFrom(numbers.limit(atMost).as('numbers')))
}

export async function insertPhoneNumbers(db: Db, numbers: readonly StoredNumber[]): Promise<void> {
  if (numbers.length > 0) await db.insertInto('phone_numbers').values(numbers).execute()
}

export async function updatePhoneNumber(
  db: Db,
  number: PhoneNumberRow,
  changes: Partial<StoredNumber>,
): Promise<PhoneNumberRow> {
  await write(db, number, changes)
  return { ...number, ...changes }
}

/** Sets the time of change, for a change stored in another table. */
export async function touchPhoneNumber(
  db: Db,
  { aws_account_id, phone_number }: NumberKey,
  now: string,
): Promise<void> {
  await touch(db, { aws_account_id, phone_number, now })
}

const touch = preparedWrite(
  (db, number: NumberKey & { now: string }) =>
    db
      .updateTable('phone_numbers')
      .set({ updated_at: number.now })
      .where('aws_account_id', '=', number.aws_account_id)
      .where('phone_number', '=', number.phone_number),
  { coalesce: false },
)

async function write(db: Db, { aws_account_id, phone_number }: NumberKey, changes: Partial<StoredNumber>) {
  await db
    .updateTable('phone_numbers')
    .set(changes)
    .where('aws_account_id', '=', aws_account_id)
    .where('phone_number', '=', phone_number)
    .execute()
}

interface Acquisition {
  phoneNumbers: readonly string[]
  status: 'Unassigned' | 'AcquireFailed'
  now: string
}

/** Sets the final status of numbers that the order is still acquiring. */
export async function finishAcquisition(
  db: Db,
  { aws_account_id, order_id }: Pick<Row<'phone_number_orders'>, 'aws_account_id' | 'order_id'>,
  { phoneNumbers, status, now }: Acquisition,
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

/** Deletes numbers whose acquisition failed. */
export async function forgetFailedAcquisitions(
  db: Db,
  { awsAccountId }: Caller,
  phoneNumbers: readonly string[],
): Promise<void> {
  if (phoneNumbers.length === 0) return
  await db
    .deleteFrom('phone_numbers')
    .where('aws_account_id', '=', awsAccountId)
    .where('phone_number', 'in', phoneNumbers)
    .where('status', '=', 'AcquireFailed')
    .execute()
}

/** Numbers of any AWS account that entered the deletion queue by `before`. */
export function listPurgeable(db: Db, before: string, atMost: number): Promise<NumberKey[]> {
  return db
    .selectFrom('phone_numbers')
    .select(['aws_account_id', 'phone_number'])
    .where('deleted_at', '<=', before)
    .limit(atMost)
    .execute()
}

/** Deletes the number permanently if due; its assignments stay on record. Returns whether it was deleted. */
export async function purgePhoneNumber(db: Db, { aws_account_id, phone_number }: NumberKey, before: string) {
  const { numDeletedRows } = await db
    .deleteFrom('phone_numbers')
    .where('aws_account_id', '=', aws_account_id)
    .where('phone_number', '=', phone_number)
    .where('deleted_at', '<=', before)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Numbers of any AWS account whose new calling name is due by `now`. */
export function listDueCallingNames(db: Db, now: string, atMost: number): Promise<NumberKey[]> {
  return db
    .selectFrom('phone_numbers')
    .select(['aws_account_id', 'phone_number'])
    .where('calling_name_due_at', '<=', now)
    .limit(atMost)
    .execute()
}

export const countPendingCallingNames = (db: Db): Promise<number> =>
  count(db.selectFrom('phone_numbers').where('calling_name_due_at', 'is not', null))

/** The size of the deletion queue: exactly its numbers say since when they are in it. */
export const countPurgeable = (db: Db): Promise<number> =>
  count(db.selectFrom('phone_numbers').where('deleted_at', 'is not', null))

/** Applies a calling name that is due by `now`. Returns whether it did. */
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
