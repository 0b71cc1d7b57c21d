import { sql } from 'kysely'
import { type Invariant, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  invariant(
    'a URL that is not revoked leads to a room',
    sql`select w.url_id as id from webhook_urls w
      left join rooms r on r.aws_account_id = w.aws_account_id and r.account_id = w.account_id and r.room_id = w.room_id
      where w.revoked_at is null and r.room_id is null`,
  ),
  invariant(
    'a webhook has one URL that is not revoked at most',
    sql`select owner_id as id from webhook_urls where owner_type = 'Webhook' and revoked_at is null
      group by aws_account_id, account_id, room_id, owner_id having count(*) > 1`,
  ),
]
