import { newId } from '../../primitives/ids.ts'
import type { RoomKey } from '../rows.ts'
import type { OperationContext } from '../operation.ts'
import { sha256 } from '../../primitives/digest.ts'
import { newToken, writeUrl } from './rules.ts'
import { type WebhookUrlRow, insertUrl } from './store.ts'

type Owner = Pick<WebhookUrlRow, 'owner_type' | 'owner_id' | 'name' | 'created_by' | 'created_at' | 'expires_at'>

/** Creates a URL for posting to the room; only the hash of its token is stored. */
export async function openUrl(
  { db, now, settings }: Pick<OperationContext, 'db' | 'now' | 'settings'>,
  { aws_account_id, account_id, room_id }: RoomKey,
  owner: Owner,
): Promise<{ url: string; row: WebhookUrlRow }> {
  const token = newToken()
  const row = {
    aws_account_id,
    account_id,
    room_id,
    url_id: newId(now),
    token_hash: sha256(token),
    ...owner,
    revoked_at: null,
    last_posted_at: null,
  }
  await insertUrl(db, row)
  return { url: writeUrl(settings.publicUrl, row.url_id, token), row }
}
