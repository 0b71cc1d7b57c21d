import { dayMs, shift } from '../../primitives/time.ts'
import type { Job, JobContext } from '../job.ts'
import { deleteEventsBefore, listJournalsBefore } from './store.ts'

/** Small enough for a transaction that holds up no request. */
const eventsAtATime = 100
const minuteMs = 60_000

export const jobs: readonly Job[] = [
  {
    name: 'ForgetEvents',
    everyMs: minuteMs,
    async findDue(context, atMost) {
      const before = keptFrom(context)
      if (before === undefined) return []
      const journals = await listJournalsBefore(context.db, before, atMost)
      return journals.map(
        (awsAccountId) =>
          ({ db }) =>
            deleteEventsBefore(db, awsAccountId, before, eventsAtATime),
      )
    },
  },
]

/** Undefined if the journal is kept for ever. */
const keptFrom = ({ now, settings: { journalDays } }: JobContext) =>
  journalDays === undefined ? undefined : shift(now, -journalDays * dayMs)
