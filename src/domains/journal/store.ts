import { randomUUID } from 'node:crypto'
import { newId } from '../../database/ids.ts'
import type { Db, Row } from '../../database/tables.ts'
import type { JobContext } from '../../service/handshake.ts'

/** Writes down a change in the transaction that makes it. */
export async function recordEvent(db: Db, event: Omit<Row<'journal'>, 'event_id'>): Promise<void> {
  await db
    .insertInto('journal')
    .values({ event_id: newId(event.event_time), ...event })
    .execute()
}

/** Writes down what the server did by itself. */
export function recordJob(
  { db, now }: JobContext,
  awsAccountId: string,
  name: string,
  parameters: object,
): Promise<void> {
  return recordEvent(db, {
    aws_account_id: awsAccountId,
    event_time: now,
    event_name: name,
    principal_arn: 'jobs.belfry',
    access_key_id: null,
    request_id: randomUUID(),
    source_ip: null,
    user_agent: null,
    request_parameters: JSON.stringify(parameters),
  })
}
