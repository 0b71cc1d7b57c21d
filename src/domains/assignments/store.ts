/** Assignments of numbers to users, as time intervals. */
import { idsFrom, newId } from '../../primitives/ids.ts'
import { shift } from '../../primitives/time.ts'
import type { PageRequest } from '../../database/pagination.ts'
import { ended, isOpen } from './intervals.ts'
import type { AccountKey, AssignableNumber, AssignableUser, Holder, UserKey } from '../rows.ts'
import { preparedWrite } from '../../database/prepared-query.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db, Queries } from '../../database/transaction.ts'
import type { Caller, OperationContext } from '../operation.ts'
import { touchPhoneNumber } from '../phone-numbers/store.ts'
import { isTelephonyOn } from '../users/rules.ts'
import { switchTelephonyOff } from '../users/store.ts'

/**
 * Opens an interval that begins no earlier than the end of the last intervals of the number and of the user. Unique indexes
 * reject a second open interval of either.
 */
export async function assignPhoneNumber(
  db: Db,
  number: AssignableNumber,
  user: AssignableUser,
  { caller, now, requestId }: OperationContext,
): Promise<void> {
  const assigned_at = later(later(now, number.last_end), user.last_end)
  await openInterval(db, {
    aws_account_id: user.aws_account_id,
    assignment_id: newId(assigned_at),
    phone_number: number.phone_number,
    account_id: user.account_id,
    user_id: user.user_id,
    assigned_at,
    assigned_by: caller.principalArn,
    assign_request_id: requestId,
  })
  if (isTelephonyOn(user)) await switchTelephonyOff(db, user)
}

/** ISO-8601 UTC times compare correctly as text. */
const later = (one: string, other: string | null) => (other !== null && other > one ? other : one)

type NewInterval = Omit<AssignmentRow, 'unassigned_at' | 'unassigned_by' | 'unassign_request_id'>

const openInterval = preparedWrite((db, interval: NewInterval) =>
  db.insertInto('assignments').values({
    aws_account_id: interval.aws_account_id,
    assignment_id: interval.assignment_id,
    phone_number: interval.phone_number,
    account_id: interval.account_id,
    user_id: interval.user_id,
    assigned_at: interval.assigned_at,
    assigned_by: interval.assigned_by,
    assign_request_id: interval.assign_request_id,
  }),
)

/** Closes the user's open interval, if there is one. */
export async function endAssignment(db: Db, user: Holder, context: OperationContext): Promise<void> {
  const { aws_account_id, account_id, user_id, phone_number } = user
  if (phone_number === null) return
  await closeIntervalOf(db, { aws_account_id, account_id, user_id, ...endOf(context) })
  await touchPhoneNumber(db, { aws_account_id, phone_number }, context.now)
  if (isTelephonyOn(user)) await switchTelephonyOff(db, user)
}

/** Closes the open intervals of all users of an account. */
export async function endAssignments(db: Db, account: AccountKey, context: OperationContext): Promise<void> {
  const { aws_account_id, account_id } = account
  const closing = closeIntervals(db, { aws_account_id, account_id, ...endOf(context) })
  for (const { phone_number, user_id } of await closing.returning(['phone_number', 'user_id']).execute()) {
    await touchPhoneNumber(db, { aws_account_id, phone_number }, context.now)
    await switchTelephonyOff(db, { aws_account_id, account_id, user_id })
  }
}

const endOf = ({ now, caller, requestId }: OperationContext) => ({
  now,
  unassigned_by: caller.principalArn,
  unassign_request_id: requestId,
})

type Ending = AccountKey & ReturnType<typeof endOf>

const closeIntervals = (db: Queries, { aws_account_id, account_id, now, unassigned_by, unassign_request_id }: Ending) =>
  db
    .updateTable('assignments')
    .set(({ eb, ref }) => ({
      // With a clock that runs behind, `now` can be earlier than the start; an interval never ends before it began.
      unassigned_at: eb.case().when('assigned_at', '>', now).then(ref('assigned_at')).else(now).end(),
      unassigned_by,
      unassign_request_id,
    }))
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where(isOpen)

const closeIntervalOf = preparedWrite(
  (db, of: UserKey & Ending) => closeIntervals(db, of).where('user_id', '=', of.user_id),
  { coalesce: false },
)

export type AssignmentRow = Row<'assignments'>

const assignments = (db: Db, { awsAccountId }: Caller) =>
  db.selectFrom('assignments').selectAll().where('aws_account_id', '=', awsAccountId)

/** Without regard to the time: after the clock was ahead, the open interval begins in the future. */
export function findOpenAssignment(db: Db, caller: Caller, phoneNumber: string): Promise<AssignmentRow | undefined> {
  return assignments(db, caller).where('phone_number', '=', phoneNumber).where(isOpen).executeTakeFirst()
}

/** Intervals include their start and exclude their end. */
export async function findAssignmentAt(
  db: Db,
  caller: Caller,
  phoneNumber: string,
  at: string,
): Promise<AssignmentRow | undefined> {
  const begun = assignments(db, caller).where('phone_number', '=', phoneNumber).where('assigned_at', '<=', at)
  const open = await begun.where(isOpen).executeTakeFirst()
  if (open) return open
  // Of intervals that follow each other, only the last that began can last: some, because those of one millisecond have any order.
  const last = begun
    .where(ended, '>', '')
    .where(ended, '<', idsFrom(shift(at, 1)))
    .orderBy(ended, 'desc')
    .limit(10)
  return (await last.execute()).find(({ unassigned_at }) => unassigned_at !== null && unassigned_at > at)
}

type HolderOrNumber = { phone_number: string } | { account_id: string; user_id: string }

/** Oldest first: ids sort by time. The indexes have the intervals that ended in this order, and the open one apart. */
export async function listAssignments(
  db: Db,
  caller: Caller,
  of: HolderOrNumber,
  { limit, after }: PageRequest,
): Promise<AssignmentRow[]> {
  const from = after?.[0] ?? ''
  const intervals = assignmentsOf(db, caller, of)
  const closed = await intervals.where(ended, '>', from).orderBy(ended).limit(limit).execute()
  const open = await intervals.where(isOpen).where('assignment_id', '>', from).execute()
  return [...closed, ...open].toSorted(byId).slice(0, limit)
}

const byId = (one: AssignmentRow, other: AssignmentRow) => (one.assignment_id > other.assignment_id ? 1 : -1)

function assignmentsOf(db: Db, caller: Caller, of: HolderOrNumber) {
  const query = assignments(db, caller)
  if ('phone_number' in of) return query.where('phone_number', '=', of.phone_number)
  return query.where('account_id', '=', of.account_id).where('user_id', '=', of.user_id)
}
