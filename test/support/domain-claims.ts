/** Small transactions for tests of the database: claiming and renaming the domains of an account. */
import { preparedWrite } from '../../src/database/prepared-query.ts'
import type { Db } from '../../src/database/transaction.ts'
import { newAccount } from '../../src/domains/accounts/rules.ts'
import { claimDomain } from '../../src/domains/accounts/store.ts'

const now = '2026-01-01T00:00:00.000Z'
const account = newAccount(now, { aws_account_id: '111122223333', account_id: 'a', name: 'A' })

export const claim = (domain: string) => (db: Db) => claimDomain(db, account, domain, now)

/** A prepared write, which PostgreSQL sends without waiting for the result. */
export const rename = preparedWrite(
  (db, { from, to }: { from: string; to: string }) =>
    db.updateTable('account_domains').set({ domain: to }).where('domain', '=', from),
  { coalesce: false },
)
