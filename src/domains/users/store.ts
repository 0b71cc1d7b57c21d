import { sql } from 'kysely'
import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import { isOpen, lastEnd } from '../assignments/intervals.ts'
import { type PageRequest, type Position, horizonOf, isWithin } from '../../database/pagination.ts'
import type { AccountKey, AssignableUser, UserKey, UserRow } from '../rows.ts'
import { preparedWrite, preparedQuery } from '../../database/prepared-query.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db, Queries } from '../../database/transaction.ts'
import type { Flag, NewUser } from './rules.ts'

type StoredUser = Row<'users'>

const users = (db: Queries) =>
  db
    .selectFrom('users')
    .leftJoin('assignments', (join) =>
      join
        .onRef('assignments.aws_account_id', '=', 'users.aws_account_id')
        .onRef('assignments.account_id', '=', 'users.account_id')
        .onRef('assignments.user_id', '=', 'users.user_id')
        .on(isOpen),
    )
    .selectAll('users')
    .select('assignments.phone_number')
    .where('users.deleted_at', 'is', null)

const usersOf = (db: Queries, { aws_account_id, account_id }: AccountKey) =>
  users(db).where('users.aws_account_id', '=', aws_account_id).where('users.account_id', '=', account_id)

const userById = preparedQuery((db, key: UserKey) => usersOf(db, key).where('users.user_id', '=', key.user_id))

export async function findUser(db: Db, account: AccountKey, userId: string): Promise<UserRow | undefined> {
  const { aws_account_id, account_id } = account
  const [user] = await userById(db, { aws_account_id, account_id, user_id: userId })
  return user
}

/** Throws `NotFoundException`, also for users of other accounts. */
export async function requireUser(db: Db, account: AccountKey, userId: string): Promise<UserRow> {
  const user = await findUser(db, account, userId)
  if (!user) throw notFound('User', userId)
  return user
}

const assignableById = preparedQuery((db, key: UserKey) =>
  usersOf(db, key)
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.aws_account_id', '=', 'users.aws_account_id')
        .onRef('accounts.account_id', '=', 'users.account_id'),
    )
    .clearSelect()
    .select(['users.aws_account_id', 'users.account_id', 'users.user_id', 'users.registration_status'])
    .select(['users.inbound_calling', 'users.outbound_calling', 'users.sms', 'assignments.phone_number'])
    .select('accounts.account_status')
    .select(lastEnd(db, key).where('account_id', '=', key.account_id).where('user_id', '=', key.user_id).as('last_end'))
    .where('users.user_id', '=', key.user_id),
)

export async function findAssignableUser(db: Db, key: UserKey): Promise<AssignableUser | undefined> {
  const [user] = await assignableById(db, key)
  return user
}

/** Searches all accounts of the AWS account, the given one first. */
export async function findUserAnywhere(db: Db, account: AccountKey, userId: string): Promise<UserRow | undefined> {
  const own = await findUser(db, account, userId)
  if (own) return own
  return users(db)
    .where('users.aws_account_id', '=', account.aws_account_id)
    .where('users.user_id', '=', userId)
    .executeTakeFirst()
}

const userByEmail = preparedQuery((db, of: { email_key: string }) =>
  users(db).where('users.email_key', '=', of.email_key),
)

/** Searches the whole installation, because an address belongs to one user at most. */
export async function findUserByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  const [user] = await userByEmail(db, { email_key: email.toLowerCase() })
  return user
}

export interface UserFilter {
  email: string | undefined
  userType: StoredUser['user_type'] | undefined
}

/** Oldest first. */
export function listUsers(db: Db, account: AccountKey, filter: UserFilter, { limit, ...range }: PageRequest) {
  let query = usersOf(db, account).orderBy('users.created_at').orderBy('users.user_id').limit(limit)
  for (const condition of isWithin('users.created_at', 'users.user_id', range)) query = query.where(condition)
  const { email, userType } = filter
  if (email !== undefined) query = query.where('users.email_key', '=', email.toLowerCase())
  if (userType !== undefined) query = query.where('users.user_type', '=', userType)
  return query.execute()
}

/** An address belongs to one user at most, and types have no index. */
export async function findUserHorizon(
  db: Db,
  { aws_account_id, account_id }: AccountKey,
  { email, userType }: UserFilter,
  after: Position | undefined,
): Promise<Position | undefined> {
  if (email !== undefined || userType === undefined) return undefined
  let query = db
    .selectFrom('users')
    .select(['created_at as first', 'user_id as second'])
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .orderBy('user_id')
  for (const condition of isWithin('created_at', 'user_id', { after })) query = query.where(condition)
  return horizonOf(query)
}

export async function insertUser(db: Db, user: NewUser): Promise<void> {
  await insert(db, user)
}

const off = sql<number>`0`

const insert = preparedWrite((db, user: Omit<NewUser, Flag>) =>
  db.insertInto('users').values({
    aws_account_id: user.aws_account_id,
    account_id: user.account_id,
    user_id: user.user_id,
    email: user.email,
    email_key: user.email_key,
    display_name: user.display_name,
    license_type: user.license_type,
    user_type: user.user_type,
    registration_status: user.registration_status,
    invitation_status: user.invitation_status,
    invite_id: user.invite_id,
    invited_at: user.invited_at,
    registered_at: user.registered_at,
    personal_pin: user.personal_pin,
    signed_out_at: user.signed_out_at,
    alexa_enabled: off,
    alexa_room_arn: user.alexa_room_arn,
    inbound_calling: off,
    outbound_calling: off,
    sms: off,
    created_at: user.created_at,
    deleted_at: user.deleted_at,
  }),
)

export async function updateUser(db: Db, user: UserRow, changes: Partial<StoredUser>): Promise<UserRow> {
  if (Object.keys(changes).length === 0) return user
  await db
    .updateTable('users')
    .set(changes)
    .where('aws_account_id', '=', user.aws_account_id)
    .where('account_id', '=', user.account_id)
    .where('user_id', '=', user.user_id)
    .execute()
  return { ...user, ...changes }
}

export function countActiveUsers(db: Db, { aws_account_id, account_id }: AccountKey): Promise<number> {
  return count(
    db
      .selectFrom('users')
      .where('aws_account_id', '=', aws_account_id)
      .where('account_id', '=', account_id)
      .where('registration_status', '!=', 'Suspended')
      .where('deleted_at', 'is', null),
  )
}

export async function deleteUsers(db: Db, { aws_account_id, account_id }: AccountKey, now: string): Promise<void> {
  await db
    .updateTable('users')
    .set({ deleted_at: now })
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('deleted_at', 'is', null)
    .execute()
}

/** Permissions never carry over to another number, so calling and messages are disabled with every assignment change. */
export async function switchTelephonyOff(db: Db, user: UserKey): Promise<void> {
  await telephonyOff(db, user)
}

const telephonyOff = preparedWrite(
  (db, user: UserKey) =>
    db
      .updateTable('users')
      .set({ inbound_calling: 0, outbound_calling: 0, sms: 0 })
      .where('aws_account_id', '=', user.aws_account_id)
      .where('account_id', '=', user.account_id)
      .where('user_id', '=', user.user_id)
      .where((eb) => eb.or([eb('inbound_calling', '=', 1), eb('outbound_calling', '=', 1), eb('sms', '=', 1)])),
  { coalesce: false },
)

/** Suspends all users of an account and signs them out. */
export async function suspendUsers(db: Db, { aws_account_id, account_id }: AccountKey, now: string): Promise<void> {
  await db
    .updateTable('users')
    .set({ registration_status: 'Suspended', signed_out_at: now })
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('deleted_at', 'is', null)
    .execute()
}
