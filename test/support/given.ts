/** The usual beginnings of a story, told through the API itself. */
import { randomUUID } from 'node:crypto'
import type { PhoneNumberProductType } from '@aws-sdk/client-chime'
import { sql } from 'kysely'
import type { TestBelfry, Tenant } from './belfry.ts'

export async function givenAccount({ chime }: Tenant, Name = 'Example'): Promise<string> {
  const { Account } = await chime.createAccount({ Name })
  return Account?.AccountId ?? ''
}

export const newEmail = (): string => `${randomUUID()}@example.com`

export async function givenUser({ chime }: Tenant, AccountId: string, Email = newEmail()): Promise<string> {
  const { User } = await chime.createUser({ AccountId, Email })
  return User?.UserId ?? ''
}

/** A number in the inventory, ordered and acquired. */
export async function givenNumber(
  belfry: TestBelfry,
  tenant: Tenant,
  ProductType: PhoneNumberProductType = 'BusinessCalling',
): Promise<string> {
  const [number = ''] = await givenNumbers(belfry, tenant, 1, ProductType)
  return number
}

export async function givenNumbers(
  belfry: TestBelfry,
  { chime }: Tenant,
  count: number,
  ProductType: PhoneNumberProductType = 'BusinessCalling',
): Promise<string[]> {
  const numbers = await belfry.stock(count)
  await chime.createPhoneNumberOrder({ ProductType, E164PhoneNumbers: numbers })
  await completeOrders(belfry)
  return numbers
}

export async function completeOrders(belfry: TestBelfry): Promise<void> {
  belfry.advance(2_000)
  await belfry.runJobs()
}

/** An account, a user of it, and a number that could be theirs. */
export async function givenAssignable(belfry: TestBelfry, tenant: Tenant) {
  const AccountId = await givenAccount(tenant)
  const UserId = await givenUser(tenant, AccountId)
  const E164PhoneNumber = await givenNumber(belfry, tenant)
  return { AccountId, UserId, E164PhoneNumber }
}

/** What no operation of the API does: the original's console, or another part of the company, did. */
export async function changeAccount(
  { database }: TestBelfry,
  accountId: string,
  changes: { account_type?: 'EnterpriseLWA' | 'EnterpriseDirectory'; account_status?: 'Suspended' },
): Promise<void> {
  await database.write((db) => db.updateTable('accounts').set(changes).where('account_id', '=', accountId).execute())
}

/** The carrier takes numbers back that nobody has yet. */
export async function withdraw({ database }: TestBelfry, numbers: readonly string[]): Promise<void> {
  await database.write((db) => sql`delete from stock where phone_number in (${sql.join(numbers)})`.execute(db))
}
