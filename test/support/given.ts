/** Common preconditions of tests, created through the API, and texts of common refusals. */
import { randomUUID } from 'node:crypto'
import type { PhoneNumberOrder, PhoneNumberProductType } from '@aws-sdk/client-chime'
import { sql } from 'kysely'
import { addToStock } from '../../src/domains/stock/store.ts'
import type { TestBelfry, Tenant } from './belfry.ts'
import { refusal } from './errors.ts'
import { type RawAnswer, callBelfry } from './raw.ts'

export async function givenAccount({ chime }: Tenant, Name = 'Example'): Promise<string> {
  const { Account } = await chime.createAccount({ Name })
  return Account?.AccountId ?? ''
}

export const newEmail = (): string => `${randomUUID()}@example.com`

export async function givenUser({ chime }: Tenant, AccountId: string, Email = newEmail()): Promise<string> {
  const { User } = await chime.createUser({ AccountId, Email })
  return User?.UserId ?? ''
}

/** A number in the inventory that was ordered and acquired. */
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
  tenant: Tenant,
  count: number,
  ProductType: PhoneNumberProductType = 'BusinessCalling',
): Promise<string[]> {
  const numbers = await belfry.stock(count)
  await order(tenant, numbers, ProductType)
  await completeOrders(belfry)
  return numbers
}

export async function order(
  { chime }: Tenant,
  numbers: string[],
  ProductType: PhoneNumberProductType = 'BusinessCalling',
): Promise<PhoneNumberOrder> {
  const { PhoneNumberOrder } = await chime.createPhoneNumberOrder({ ProductType, E164PhoneNumbers: numbers })
  return PhoneNumberOrder ?? {}
}

export const findOrder = async (
  { chime }: Tenant,
  { PhoneNumberOrderId }: PhoneNumberOrder,
): Promise<PhoneNumberOrder> => (await chime.getPhoneNumberOrder({ PhoneNumberOrderId })).PhoneNumberOrder ?? {}

/** All numbers of the inventory, oldest first. */
export const inventoryOf = async ({ chime }: Tenant) =>
  (await chime.listPhoneNumbers()).PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber)

/** Properties of numbers in stock. */
export const tollFreeFacts = { type: 'TollFree', area_code: '833', city_key: null, state_key: null } as const
export const foreignFacts = { country: 'GB', area_code: null, city_key: null, state_key: null } as const

/** A number whose order failed because the carrier did not deliver it. */
export async function givenLostNumber(belfry: TestBelfry, tenant: Tenant): Promise<string> {
  const numbers = await belfry.stock(1)
  await order(tenant, numbers)
  await withdraw(belfry, numbers)
  await completeOrders(belfry)
  return numbers[0] ?? ''
}

export async function completeOrders(belfry: TestBelfry): Promise<void> {
  belfry.advance(2_000)
  await belfry.runJobs()
}

/** An account, one of its users, and an unassigned number. */
export async function givenAssignable(belfry: TestBelfry, tenant: Tenant) {
  const AccountId = await givenAccount(tenant)
  const UserId = await givenUser(tenant, AccountId)
  const E164PhoneNumber = await givenNumber(belfry, tenant)
  return { AccountId, UserId, E164PhoneNumber }
}

/** The same, with the number assigned to the user. */
export async function givenAssigned(belfry: TestBelfry, tenant: Tenant) {
  const input = await givenAssignable(belfry, tenant)
  await tenant.chime.associatePhoneNumberWithUser(input)
  return input
}

export const givenEnterprise = (belfry: TestBelfry, tenant: Tenant): Promise<string> =>
  givenAccountOf(belfry, tenant, 'EnterpriseLWA')

export async function givenAccountOf(
  belfry: TestBelfry,
  tenant: Tenant,
  account_type: 'EnterpriseLWA' | 'EnterpriseDirectory',
): Promise<string> {
  const AccountId = await givenAccount(tenant)
  await changeAccount(belfry, AccountId, { account_type })
  return AccountId
}

/** An Enterprise account that has claimed a domain. */
export async function givenDomain(belfry: TestBelfry, tenant: Tenant) {
  const AccountId = await givenEnterprise(belfry, tenant)
  const domain = `${randomUUID()}.example.com`
  await callBelfry(belfry.url, tenant, `PUT /accounts/${AccountId}/domains/${domain}`)
  return { AccountId, domain }
}

export async function givenBot(belfry: TestBelfry, tenant: Tenant) {
  const { AccountId, domain } = await givenDomain(belfry, tenant)
  const { Bot } = await tenant.chime.createBot({ AccountId, DisplayName: 'Helper' })
  return { AccountId, BotId: Bot?.BotId ?? '', token: Bot?.SecurityToken ?? '', email: Bot?.BotEmail ?? '', domain }
}

export async function givenRoom(belfry: TestBelfry, tenant: Tenant) {
  const AccountId = await givenEnterprise(belfry, tenant)
  const { Room } = await tenant.chime.createRoom({ AccountId, Name: 'Room' })
  return { AccountId, RoomId: Room?.RoomId ?? '' }
}

/** Makes a change for which the published API has no operation; the original's console made it. */
export async function changeAccount(
  { database }: TestBelfry,
  accountId: string,
  changes: { account_type?: 'EnterpriseLWA' | 'EnterpriseDirectory'; account_status?: 'Suspended' },
): Promise<void> {
  await database.write((db) => db.updateTable('accounts').set(changes).where('account_id', '=', accountId).execute())
}

/** Removes numbers from the stock, as if the carrier had withdrawn them. */
export async function withdraw({ database }: TestBelfry, numbers: readonly string[]): Promise<void> {
  await database.write((db) => sql`delete from stock where phone_number in (${sql.join(numbers)})`.execute(db))
}

/** Puts a withdrawn number back into the stock. */
export async function offerAgain({ database }: TestBelfry, phone_number: string): Promise<void> {
  const facts = { country: 'US', type: 'Local', area_code: '206', city_key: 'seattle', state_key: 'wa' } as const
  await database.write((db) => addToStock(db, [{ phone_number, ...facts, available: 1 }]))
}

/** Claims an e-mail domain for the account, as the original's console did. */
export async function claimDomain({ database }: TestBelfry, { awsAccountId }: Tenant, account_id: string) {
  const claim = {
    aws_account_id: awsAccountId,
    account_id,
    domain: 'example.com',
    claimed_at: '2020-01-01T00:00:00.000Z',
  }
  await database.write((db) => db.insertInto('account_domains').values(claim).execute())
}

export async function releaseDomains({ database }: TestBelfry, accountId: string): Promise<void> {
  await database.write((db) => db.deleteFrom('account_domains').where('account_id', '=', accountId).execute())
}

/** Reads all pages of a listing. */
export async function readPages<Page extends { NextToken?: string | undefined }>(
  read: (from: { NextToken?: string }) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = []
  let from = {}
  do {
    const page = await read(from)
    pages.push(page)
    from = page.NextToken === undefined ? {} : { NextToken: page.NextToken }
  } while ('NextToken' in from)
  return pages
}

/** Formats the refusal of a call as one line: `404 NotFoundException NotFound: Could not find …`. */
export async function refused(call: Promise<unknown>): Promise<string> {
  const { name, Code, message, $metadata } = await refusal(call)
  return `${$metadata.httpStatusCode} ${name} ${Code}: ${message}`
}

/** The same line for a raw response. */
export const refusedRaw = ({ status, headers, json }: RawAnswer): string =>
  `${status} ${String(headers['x-amzn-errortype'])} ${String(json['Code'])}: ${String(json['Message'])}`

export const badRequest = (message: string): string => `400 BadRequestException BadRequest: ${message}`
export const notFound = (type: string, id: string): string =>
  `404 NotFoundException NotFound: Could not find ${type} with Id '${id}'`
/** The refusal of this AWS account by a server that restricts it. */
export const restricted = '403 AccessDeniedException AccessDenied: Service is restricted for AWSAccountId 999900009999'
export const accountSuspended = '403 ForbiddenException Forbidden: The account is suspended'
export const conflict = '409 ConflictException Conflict: Request could not be completed due to a conflict'
export const stillAcquiring = badRequest('The phone number is still being acquired')
export const held =
  '400 BadRequestException PhoneNumberAssociationsExist: The phone number is associated with a user; disassociate it first'
export const badToken = badRequest('NextToken is not valid for this request')

/** The line for one violated constraint, as in `invalid('Name', 'be a string')`. */
export const invalid = (member: string, constraint: string): string =>
  badRequest(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  )

/** Constraints of texts as errors phrase them. */
export const blank = String.raw`satisfy regular expression pattern: .*\S.*`
export const malformed = String.raw`satisfy regular expression pattern: .+@.+\..+`
export const broken = 'be well-formed Unicode without NUL'

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Malicious ids that name nothing. */
export const hostileIds = ['__proto__', 'constructor', "' OR '1'='1", '%', '_', '*', 'é/😀?#%2F+ ', 'x'.repeat(1024)]
/** Ids that violate a constraint, with the constraint. */
export const impossibleIds = [
  ['a\0b', 'be well-formed Unicode without NUL'],
  ['x'.repeat(1025), 'have length less than or equal to 1024'],
] as const

export const badTokens = ['garbage', 'W10', 'bnVsbA', 'eyJhIjoxfQ', '__proto__', "' OR 1=1 --", 'é😀', 'x'.repeat(8192)]
/** Values of `max-results` that are out of range or not integers. */
export const badMaxResults = (max: number): string[] => [
  '0',
  '-1',
  String(max + 1),
  '1.5',
  'abc',
  '',
  '1e1',
  '0x1',
  '9'.repeat(20),
]
