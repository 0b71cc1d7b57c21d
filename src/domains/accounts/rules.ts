import { ServiceError, badRequest } from '../../contract/errors.ts'
import { readJson } from '../../database/schema/read-json.ts'
import { accounts } from '../../database/schema/tables.ts'
import type { AccountRow } from '../rows.ts'

/** The defaults are those of the published sample; `facts` override them. */
export const newAccount = (
  now: string,
  facts: Pick<AccountRow, 'aws_account_id' | 'account_id' | 'name'> & Partial<AccountRow>,
): AccountRow => ({
  account_type: 'Team',
  account_status: 'Active',
  default_license: 'Pro',
  supported_licenses: JSON.stringify(['Basic', 'Pro']),
  disable_remote_control: 0,
  enable_dial_out: 0,
  created_at: now,
  deleted_at: null,
  ...facts,
  ...nameColumns(facts.name),
})

/** The key makes lookups by name case-insensitive. */
export const nameColumns = (name: string): Pick<AccountRow, 'name' | 'name_key'> => ({
  name,
  name_key: name.toLowerCase(),
})

/** Whether the account is neither suspended nor deleted. */
export const isOpen = ({ account_status, deleted_at }: AccountRow): boolean =>
  account_status === 'Active' && deleted_at === null

/** A suspended account can only be read and deleted. [inferred] */
export function assertActive({ account_status }: Pick<AccountRow, 'account_status'>): void {
  if (account_status === 'Suspended') throw new ServiceError('ForbiddenException', 'The account is suspended')
}

/** The default one alone if what is stored cannot be read. */
export function supportedLicenses(account: AccountRow): AccountRow['default_license'][] {
  const name = ['accounts.supported_licenses', account.account_id] as const
  return readJson(accounts.shape.supported_licenses, account.supported_licenses, name) ?? [account.default_license]
}

/** [documented for users, by analogy for the default] */
export function assertSupportedLicense(account: AccountRow, license: AccountRow['default_license']): void {
  const supported = supportedLicenses(account)
  if (!supported.includes(license)) throw badRequest(`The account supports the licenses ${supported.join(', ')}`)
}

/** @param types the account types that support the operation [documented, class inferred] */
export function assertAccountType({ account_type }: AccountRow, ...types: AccountRow['account_type'][]): void {
  if (!types.includes(account_type)) throw badRequest(`Accounts of type ${account_type} do not support this operation`)
}

/** Only Enterprise accounts have rooms, bots and messages. [documented, class inferred] */
export function assertEnterprise(account: AccountRow): void {
  assertAccountType(account, 'EnterpriseDirectory', 'EnterpriseLWA', 'EnterpriseOIDC')
}

/**
 * The users of a Team account must have been suspended first; other types must have released their domains,
 * which suspends all users. [rule documented, class inferred: 422 is modelled for this operation alone]
 */
export function assertDeletable(
  { account_type }: AccountRow,
  { domains, activeUsers }: { domains: number; activeUsers: number },
): void {
  if (domains > 0) throw unprocessable('The account still has claimed domains')
  if (account_type === 'Team' && activeUsers > 0)
    throw unprocessable('The account still has users that are not suspended')
}

const unprocessable = (message: string) => new ServiceError('UnprocessableEntityException', message)
