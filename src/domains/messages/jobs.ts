import type { Job, JobContext } from '../job.ts'
import { recordJob } from '../journal/store.ts'
import {
  type MessageKind,
  type RetentionRow,
  deleteMessagesBefore,
  hasMessagesBefore,
  listRetentionInForce,
  readRetention,
} from './retention-store.ts'
import { hiddenBefore } from './rules.ts'

const kinds: readonly MessageKind[] = ['Room', 'Conversation']

export const jobs: readonly Job[] = [
  {
    name: 'DeleteMessages',
    async findDue(context) {
      const accounts = await listRetentionInForce(context.db, context.now)
      const due: RetentionRow[] = []
      for (const retention of accounts) if (await hasHidden(retention, context)) due.push(retention)
      return due.map((retention) => (then) => deleteHidden(retention, then))
    },
  },
]

async function hasHidden(retention: RetentionRow, { db, now }: JobContext) {
  for (const kind of kinds)
    if (await hasMessagesBefore(db, retention, kind, hiddenBefore(kind, retention, now))) return true
  return false
}

/** Deletes hidden messages after the grace period, unless the settings changed meanwhile. */
async function deleteHidden(account: RetentionRow, context: JobContext) {
  const { db, now } = context
  const retention = await readRetention(db, account)
  if (retention.initiate_deletion_at === null || retention.initiate_deletion_at > now) return
  let Deleted = 0
  for (const kind of kinds)
    Deleted += await deleteMessagesBefore(db, retention, kind, hiddenBefore(kind, retention, now))
  await recordJob(context, account.aws_account_id, 'DeleteMessages', { AccountId: account.account_id, Deleted })
}
