import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { newId } from '../../database/ids.ts'
import type { PageRequest } from '../../database/paging.ts'
import { statement } from '../../database/statement.ts'
import type { Db, Row } from '../../database/tables.ts'
import type { Caller, JobContext } from '../../service/handshake.ts'

/** Writes down a change in the transaction that makes it. */
export async function recordEvent(db: Db, event: Omit<Row<'journal'>, 'event_id'>): Promise<void> {
  await insertEvent(db, { event_id: newId(event.event_time), ...event })
}

const insertEvent = statement((db, event: Row<'journal'>) =>
  db.insertInto('journal').values({
    aws_account_id: event.aws_account_id,
    event_id: event.event_id,
    event_time: event.event_time,
    event_name: event.event_name,
    principal_arn: event.principal_arn,
    access_key_id: event.access_key_id,
    request_id: event.request_id,
    source_ip: event.source_ip,
    user_agent: event.user_agent,
    request_parameters: event.request_parameters,
  }),
)

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

export type EventRow = Row<'journal'>

interface EventFilter {
  /** From this time on. */
  from: string | undefined
  /** Before this time. */
  until: string | undefined
  name: string | undefined
  /** The id of a thing that a request named. */
  resourceId: string | undefined
}

/** Oldest first: ids sort by time. */
export function listEvents(db: Db, { awsAccountId }: Caller, filter: EventFilter, { limit, after }: PageRequest) {
  let query = db
    .selectFrom('journal')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .orderBy('event_id')
    .limit(limit)
  if (after) query = query.where('event_id', '>', after[0])
  if (filter.from !== undefined) query = query.where('event_time', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('event_time', '<', filter.until)
  if (filter.name !== undefined) query = query.where('event_name', '=', filter.name)
  if (filter.resourceId !== undefined) query = query.where(names(filter.resourceId))
  return query.execute()
}

/** Parameters are JSON, in which an id stands as a whole text. */
const names = (resourceId: string) =>
  sql<boolean>`request_parameters like ${`%${escapeLike(JSON.stringify(resourceId))}%`} escape '!'`
const escapeLike = (text: string) => text.replace(/[!%_]/g, '!$&')
