import { sql } from 'kysely'
import type { Db } from '../../src/database/transaction.ts'

/** Undoes the migrations from 0011 on: drops the principals, and gives each access key a policy of its own. Deletes all keys. */
export async function undoPrincipalsMigration(db: Db): Promise<void> {
  for (const table of ['principals', 'policies', 'principal_policies', 'access_keys'])
    await sql`drop table ${sql.ref(table)}`.execute(db)
  // Later ones only add indexes, and leave those alone that are there.
  await sql`delete from kysely_migration where name >= '0011'`.execute(db)
  await sql`create table access_keys (access_key_id text primary key, aws_account_id text not null,
    principal_arn text not null, sealed_secret text not null, status text not null, policy text not null,
    session_token_hash text, expires_at text, requests_per_second integer, created_at text not null)`.execute(db)
}
