import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { idsFrom, newId } from '../../primitives/ids.ts'
import { type PageRequest, type Position, type Range, horizonOf, scanBudget } from '../../database/pagination.ts'
import { preparedWrite } from '../../database/prepared-query.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'
import type { JobContext } from '../job.ts'
import { namedResources } from './resources.ts'

/** Records a change in the transaction that makes it. */
export async function recordEvent(db: Db, event: Omit<Row<'journal'>, 'event_id'>): Promise<void> {
  await insertEvent(db, { event_id: newId(event.event_time), ...event })
}

const insertEvent = preparedWrite((db, event: Row<'journal'>) =>
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
    resources: event.resources,
    error_code: event.error_code,
  }),
)

/** The principal under which jobs are journalled. */
export const jobs = 'jobs.belfry'

/** Records what a job did; the resources are those its parameters name. */
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
    principal_arn: jobs,
    access_key_id: null,
    request_id: randomUUID(),
    source_ip: null,
    user_agent: null,
    request_parameters: JSON.stringify(parameters),
    resources: JSON.stringify(namedResources(parameters)),
    error_code: null,
  })
}

export type EventRow = Row<'journal'>

interface EventFilter {
  /** Inclusive. */
  from: string | undefined
  /** Exclusive. */
  until: string | undefined
  name: string | undefined
  /** The id of a resource named in the request or its response, in every spelling. */
  resourceIds: readonly string[] | undefined
}

/** Oldest first: ids sort by time, so a range of times is one of ids. */
const eventsIn = (db: Db, { awsAccountId }: Caller, { from, until }: EventFilter, { after }: Range) => {
  const first = from === undefined ? '' : idsFrom(from)
  // One bound and not two: SQLite searches by one of them, which could be the one far behind.
  const resumes = after !== undefined && after[0] >= first
  const query = db
    .selectFrom('journal')
    .where('aws_account_id', '=', awsAccountId)
    .where('event_id', resumes ? '>' : '>=', resumes ? after[0] : first)
    .orderBy('event_id')
  return until === undefined ? query : query.where('event_id', '<', idsFrom(until))
}

export function listEvents(db: Db, caller: Caller, filter: EventFilter, { limit, ...range }: PageRequest) {
  let query = eventsIn(db, caller, filter, range).selectAll().limit(limit)
  if (range.until) query = query.where('event_id', '<=', range.until[0])
  if (filter.name !== undefined) query = query.where('event_name', '=', filter.name)
  const { resourceIds } = filter
  if (resourceIds) query = query.where((eb) => eb.or(resourceIds.map(names)))
  return query.execute()
}

/** Neither the name nor the resources have an index, which every write would pay for. Lists of resources can be long to read. */
export async function findEventHorizon(
  db: Db,
  caller: Caller,
  filter: EventFilter,
  after: Position | undefined,
): Promise<Position | undefined> {
  if (filter.name === undefined && filter.resourceIds === undefined) return undefined
  const rows = filter.resourceIds ? Math.ceil(scanBudget.rows / 10) : scanBudget.rows
  const query = eventsIn(db, caller, filter, { after })
  return horizonOf(query.select(['event_id as first', sql<string>`''`.as('second')]), rows)
}

/** Whether the list contains exactly this name. Not `like`, because that ignores case on SQLite. */
const names = (resourceId: string) =>
  sql<boolean>`replace(resources, ${`"ResourceName":${JSON.stringify(resourceId)}`}, '') <> resources`

/** Across all AWS accounts. */
export async function findNewestEventTime(db: Db): Promise<string | undefined> {
  const found = await db
    .selectFrom('journal')
    .select((eb) => eb.fn.max('event_time').as('time'))
    .executeTakeFirst()
  return found?.time ?? undefined
}

/** The AWS accounts that have events before `before`. Steps from one AWS account to the next, because there are many events. */
export async function listJournalsBefore(db: Db, before: string, atMost: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive journals (id) as (
      select min(aws_account_id) from journal
      union all
      select (select min(aws_account_id) from journal where aws_account_id > journals.id)
      from journals where journals.id is not null
    )
    select id from journals where id is not null
      and exists (select 1 from journal where aws_account_id = journals.id and event_id < ${idsFrom(before)})
    limit ${atMost}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Deletes the oldest, at most so many. */
export async function deleteEventsBefore(db: Db, awsAccountId: string, before: string, atMost: number): Promise<void> {
  const oldest = db
    .selectFrom('journal')
    .select('event_id')
    .where('aws_account_id', '=', awsAccountId)
    .where('event_id', '<', idsFrom(before))
    .orderBy('event_id')
    .limit(atMost)
  await db.deleteFrom('journal').where('aws_account_id', '=', awsAccountId).where('event_id', 'in', oldest).execute()
}
