import { sql } from 'kysely'
import { type Invariant, accountColumns, belongsTo, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('a conversation has its account', ['conversations', 'conversation_id'], 'accounts', accountColumns),
  invariant(
    'a message has its room or conversation',
    sql`select m.message_id as id from messages m
      left join rooms r on m.place_type = 'Room'
      and r.aws_account_id = m.aws_account_id and r.account_id = m.account_id and r.room_id = m.place_id
      left join conversations c on m.place_type = 'Conversation'
      and c.aws_account_id = m.aws_account_id and c.account_id = m.account_id and c.conversation_id = m.place_id
      where r.room_id is null and c.conversation_id is null`,
  ),
  invariant(
    'a message that was redacted has no content, and any other has',
    sql`select message_id as id from messages where (content is null) <> (redacted_at is not null)`,
  ),
  belongsTo('retention settings have their account', ['retention_settings', 'account_id'], 'accounts', accountColumns),
]
