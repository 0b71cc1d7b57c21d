import { sql } from 'kysely'
import { type Invariant, belongsTo, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('an access key has its principal', ['access_keys', 'access_key_id'], 'principals', [
    ['aws_account_id', 'aws_account_id'],
    ['principal_name', 'principal_name'],
  ]),
  invariant(
    'a temporary key was issued by a key that there is',
    sql`select k.access_key_id as id from access_keys k where k.issued_by is not null
      and not exists (select 1 from access_keys issuer where issuer.access_key_id = k.issued_by)`,
  ),
]
