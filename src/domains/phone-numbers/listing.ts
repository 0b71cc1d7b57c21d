/** The listing of the inventory. */
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { PhoneNumberStatus } from '../../contract/shapes.ts'
import { type PageRequest, type Position, horizonOf, isWithin, scanBudget } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import { isOpen } from '../assignments/intervals.ts'
import type { Caller } from '../operation.ts'
import { phoneNumbers } from './store.ts'

export interface PhoneNumberFilter {
  /** Any published status; some never occur here. */
  status: z.output<typeof PhoneNumberStatus> | undefined
  productType: Row<'phone_numbers'>['product_type'] | undefined
  holder: HolderFilter | undefined
}

type HolderFilter = { userId: string } | { accountId: string; hasFewAssignments: boolean }

/** An account with few assignments is asked for them; of any other, the numbers of the inventory are asked for their holder. */
export async function holderFilter(db: Db, { awsAccountId }: Caller, accountId: string): Promise<HolderFilter> {
  const oneTooMany = await db
    .selectFrom('assignments')
    .select('aws_account_id')
    .where('aws_account_id', '=', awsAccountId)
    .where('account_id', '=', accountId)
    .limit(1)
    .offset(scanBudget.rows)
    .execute()
  return { accountId, hasFewAssignments: oneTooMany.length === 0 }
}

/** Oldest first; includes the deletion queue. */
export function listPhoneNumbers(
  db: Db,
  caller: Caller,
  { status, productType, holder }: PhoneNumberFilter,
  { limit, ...range }: PageRequest,
) {
  const isByHolder = holder !== undefined && isSelective(holder)
  const age = isByHolder ? unindexedAge : sql.ref('phone_numbers.created_at')
  let query = phoneNumbers(db, caller).orderBy(age).orderBy('phone_numbers.phone_number').limit(limit)
  for (const condition of isWithin(age, 'phone_numbers.phone_number', range)) query = query.where(condition)
  for (const condition of conditionsFor(status, isByHolder)) query = query.where(condition)
  if (productType !== undefined) query = query.where('product_type', '=', productType)
  if (isByHolder) query = query.where('phone_numbers.phone_number', 'in', numbersOf(db, caller, holder))
  else if (holder) query = query.where(holdingAccount, '=', holder.accountId)
  return query.execute()
}

/** So that SQLite looks up the numbers of the holder, and does not go through all numbers by age. */
const unindexedAge = sql<string>`(phone_numbers.created_at || '')`

function conditionsFor(status: PhoneNumberFilter['status'], isByHolder: boolean): RawBuilder<boolean>[] {
  if (status === undefined) return []
  if (status === 'Assigned') return [isAssigned]
  const isStored = sql<boolean>`phone_numbers.status = ${status}`
  if (status === 'Unassigned') return [isStored, sql<boolean>`not ${isAssigned}`]
  return isByHolder ? [isStored] : [isStored, isNotUnassigned]
}

/** Expressions and not columns, so that SQLite goes through the numbers in their order and looks up the holder of each. */
const isAssigned = sql<boolean>`(case when assignments.user_id is null then 0 else 1 end = 1)`
const holdingAccount = sql<string>`coalesce(assignments.account_id, '')`

/** Most numbers are stored as Unassigned, and all that are assigned; the others have an index. */
const isRare = (status: PhoneNumberFilter['status']) =>
  status !== undefined && status !== 'Assigned' && status !== 'Unassigned'
const isNotUnassigned = sql<boolean>`phone_numbers.status <> 'Unassigned'`

const isSelective = (
  holder: HolderFilter,
): holder is { userId: string } | { accountId: string; hasFewAssignments: true } =>
  'userId' in holder || holder.hasFewAssignments

/** The numbers that a user, or the users of an account, hold. */
function numbersOf(db: Db, { awsAccountId }: Caller, holder: HolderFilter) {
  const open = db.selectFrom('assignments').select('assignments.phone_number').where(isOpen)
  if ('accountId' in holder)
    return open.where('aws_account_id', '=', awsAccountId).where('account_id', '=', holder.accountId)
  return open
    .innerJoin('users', (join) =>
      join
        .onRef('users.aws_account_id', '=', 'assignments.aws_account_id')
        .onRef('users.account_id', '=', 'assignments.account_id')
        .onRef('users.user_id', '=', 'assignments.user_id'),
    )
    .where('users.aws_account_id', '=', awsAccountId)
    .where('users.user_id', '=', holder.userId)
    .where('users.deleted_at', 'is', null)
}

/** Only the rare statuses, users and accounts with few assignments have an index. */
export async function findNumberHorizon(
  db: Db,
  { awsAccountId }: Caller,
  { status, productType, holder }: PhoneNumberFilter,
  after: Position | undefined,
): Promise<Position | undefined> {
  const isServed = status === undefined || isRare(status)
  if (holder ? isSelective(holder) : isServed && productType === undefined) return undefined
  let query = db
    .selectFrom('phone_numbers')
    .select(['created_at as first', 'phone_number as second'])
    .where('aws_account_id', '=', awsAccountId)
    .orderBy('created_at')
    .orderBy('phone_number')
  for (const condition of isWithin('created_at', 'phone_number', { after })) query = query.where(condition)
  if (isRare(status)) for (const condition of conditionsFor(status, false)) query = query.where(condition)
  return horizonOf(query)
}
