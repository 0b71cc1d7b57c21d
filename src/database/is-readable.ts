import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'

const timeoutMs = 2_000

export async function isReadable(read: Database['read']): Promise<boolean> {
  const attempt = read((db) => db.selectFrom('access_keys').select('access_key_id').limit(1).execute())
  return Promise.race([attempt.then(() => true), sleep(timeoutMs, false, { ref: false })]).catch(() => false)
}
