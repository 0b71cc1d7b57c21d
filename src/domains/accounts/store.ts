import { sql } from 'kysely'
import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import { type PageRequest, type Position, horizonOf, isWithin } from '../../database/pagination.ts'
import type { AccountKey, AccountRow } from '../rows.ts'
import { preparedQuery } from '../../database/prepared-query.ts'
import type { Db, Queries } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'
import { assertActive, assertEnterprise } from './rules.ts'

/** Excludes deleted accounts and those of other AWS accounts. */
const accounts = (db: Queries, { awsAccountId }: Pick<Caller, 'awsAccountId'>) =>
  db
    .selectFrom('accounts')
    .selectAll('accounts')
    .where('aws_account_id', '=', awsAccountId)
    .where('deleted_at', 'is', null)

const accountById = preparedQuery((db, key: { awsAccountId: string; accountId: string }) =>
  accounts(db, key).where('account_id', '=', key.accountId),
)

export async function findAccount(
  db: Db,
  { awsAccountId }: Caller,
  accountId: string,
): Promise<AccountRow | undefined> {
  const [account] = await accountById(db, { awsAccountId, accountId })
  return account
}

/** Throws `NotFoundException`. */
export async function requireAccount(db: Db, caller: Caller, accountId: string): Promise<AccountRow> {
  const account = await findAccount(db, caller, accountId)
  if (!account) throw notFound('Account', accountId)
  return account
}

/** The account that a row belongs to, for code that runs without a caller. */
export function requireAccountOf(db: Db, { aws_account_id, account_id }: AccountKey): Promise<AccountRow> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .executeTakeFirstOrThrow()
}

/** Throws `NotFoundException`, and `ForbiddenException` if the account is suspended. */
export async function requireActiveAccount(db: Db, caller: Caller, accountId: string): Promise<AccountRow> {
  const account = await requireAccount(db, caller, accountId)
  assertActive(account)
  return account
}

/** Throws as `requireActiveAccount` does, and `BadRequestException` for a Team account. */
export async function requireEnterpriseAccount(db: Db, caller: Caller, accountId: string): Promise<AccountRow> {
  const account = await requireActiveAccount(db, caller, accountId)
  assertEnterprise(account)
  return account
}

export interface AccountFilter {
  namePrefix: string | undefined
  userEmail: string | undefined
}

/** Oldest first. */
export function listAccounts(db: Db, caller: Caller, filter: AccountFilter, { limit, ...range }: PageRequest) {
  const { namePrefix: prefix, userEmail: email } = filter
  const age = email === undefined ? sql.ref('created_at') : unindexedAge
  let query = accounts(db, caller).orderBy(age).orderBy('account_id').limit(limit)
  for (const condition of isWithin(age, 'account_id', range)) query = query.where(condition)
  if (prefix !== undefined) query = query.where(nameBeginsWith(prefix.toLowerCase()))
  if (email !== undefined) query = query.where('account_id', 'in', accountsOfUser(db, caller, email))
  return query.execute()
}

/** So that SQLite looks up the account of an address, and does not go through all accounts by age. */
const unindexedAge = sql<string>`(created_at || '')`

/** An address belongs to one account at most, and the beginnings of names have no index. */
export async function findAccountHorizon(
  db: Db,
  caller: Caller,
  { namePrefix, userEmail }: AccountFilter,
  after: Position | undefined,
): Promise<Position | undefined> {
  if (userEmail !== undefined || namePrefix === undefined) return undefined
  let query = accounts(db, caller)
    .clearSelect()
    .select(['created_at as first', 'account_id as second'])
    .orderBy('created_at')
    .orderBy('account_id')
  for (const condition of isWithin('created_at', 'account_id', { after })) query = query.where(condition)
  return horizonOf(query)
}

const nameBeginsWith = (prefix: string) => sql<boolean>`substr(name_key, 1, ${Array.from(prefix).length}) = ${prefix}`

const accountsOfUser = (db: Db, { awsAccountId }: Caller, email: string) =>
  db
    .selectFrom('users')
    .select('account_id')
    .where('aws_account_id', '=', awsAccountId)
    .where('email_key', '=', email.toLowerCase())
    .where('deleted_at', 'is', null)

export async function insertAccount(db: Db, account: AccountRow): Promise<void> {
  await db.insertInto('accounts').values(account).execute()
}

export async function updateAccount(db: Db, account: AccountRow, changes: Partial<AccountRow>): Promise<AccountRow> {
  if (Object.keys(changes).length === 0) return account
  await db
    .updateTable('accounts')
    .set(changes)
    .where('aws_account_id', '=', account.aws_account_id)
    .where('account_id', '=', account.account_id)
    .execute()
  return { ...account, ...changes }
}

export function countDomains(db: Db, { aws_account_id, account_id }: AccountKey): Promise<number> {
  return count(
    db.selectFrom('account_domains').where('aws_account_id', '=', aws_account_id).where('account_id', '=', account_id),
  )
}

export function listDomains(db: Db, { aws_account_id, account_id }: AccountKey) {
  return db
    .selectFrom('account_domains')
    .select(['domain', 'claimed_at'])
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .orderBy('domain')
    .execute()
}

/** Searches the whole installation, because a domain belongs to one account at most. */
export function findClaim(db: Db, domain: string) {
  return db.selectFrom('account_domains').selectAll().where('domain', '=', domain).executeTakeFirst()
}

/** Returns whether the account had claimed the domain. */
export async function releaseDomain(db: Db, { aws_account_id, account_id }: AccountKey, domain: string) {
  const { numDeletedRows } = await db
    .deleteFrom('account_domains')
    .where('aws_account_id', '=', aws_account_id)
    .where('account_id', '=', account_id)
    .where('domain', '=', domain)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function claimDomain(db: Db, account: AccountKey, domain: string, now: string): Promise<void> {
  const { aws_account_id, account_id } = account
  await db.insertInto('account_domains').values({ aws_account_id, account_id, domain, claimed_at: now }).execute()
}

/** The groups of several accounts of the caller, ordered by name. */
export function listGroups(db: Db, { awsAccountId }: Caller, accounts: readonly AccountKey[]) {
  if (accounts.length === 0) return []
  return db
    .selectFrom('signin_delegate_groups')
    .select(['account_id', 'group_name'])
    .where('aws_account_id', '=', awsAccountId)
    .where(
      'account_id',
      'in',
      accounts.map(({ account_id }) => account_id),
    )
    .orderBy('group_name')
    .execute()
}

/** Leaves existing groups unchanged. */
export async function addGroups(db: Db, account: AccountKey, names: readonly string[], now: string): Promise<void> {
  const { aws_account_id, account_id } = account
  const rows = names.map((group_name) => ({ aws_account_id, account_id, group_name, associated_at: now }))
  await db
    .insertInto('signin_delegate_groups')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function removeGroups(db: Db, account: AccountKey, names: readonly string[]): Promise<void> {
  await db
    .deleteFrom('signin_delegate_groups')
    .where('aws_account_id', '=', account.aws_account_id)
    .where('account_id', '=', account.account_id)
    .where('group_name', 'in', names)
    .execute()
}
