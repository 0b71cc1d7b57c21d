import { notFound } from '../../contract/errors.ts'
import type { PageRequest } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'

export type MeetingRow = Row<'meetings'>
export type DialOutRow = Row<'meeting_dial_outs'>

export async function insertMeeting(db: Db, meeting: MeetingRow): Promise<void> {
  await db.insertInto('meetings').values(meeting).execute()
}

export function findMeeting(db: Db, { awsAccountId }: Caller, meetingId: string): Promise<MeetingRow | undefined> {
  return db
    .selectFrom('meetings')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .where('meeting_id', '=', meetingId.toLowerCase())
    .executeTakeFirst()
}

/** Throws `NotFoundException`. */
export async function requireMeeting(db: Db, caller: Caller, meetingId: string): Promise<MeetingRow> {
  const meeting = await findMeeting(db, caller, meetingId)
  if (!meeting) throw notFound('Meeting', meetingId)
  return meeting
}

export async function endMeeting(db: Db, meeting: MeetingRow, now: string): Promise<MeetingRow> {
  await db
    .updateTable('meetings')
    .set({ ended_at: now })
    .where('aws_account_id', '=', meeting.aws_account_id)
    .where('meeting_id', '=', meeting.meeting_id)
    .execute()
  return { ...meeting, ended_at: now }
}

export async function insertDialOut(db: Db, dialOut: DialOutRow): Promise<void> {
  await db.insertInto('meeting_dial_outs').values(dialOut).execute()
}

/** Oldest first: ids sort by time. */
export function listDialOuts(db: Db, meeting: MeetingRow, { limit, after }: PageRequest): Promise<DialOutRow[]> {
  let query = db
    .selectFrom('meeting_dial_outs')
    .selectAll()
    .where('aws_account_id', '=', meeting.aws_account_id)
    .where('meeting_id', '=', meeting.meeting_id)
    .orderBy('transaction_id')
    .limit(limit)
  if (after) query = query.where('transaction_id', '>', after[0])
  return query.execute()
}
