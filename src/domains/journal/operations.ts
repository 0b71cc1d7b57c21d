import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/paging.ts'
import type { Operations } from '../../service/handshake.ts'
import type { Event, belfry } from './contract.ts'
import { type EventRow, listEvents } from './store.ts'

export const operations: Operations<typeof belfry> = {
  async ListEvents(input, { db, caller }) {
    const { StartTime, EndTime, EventName, ResourceId } = input
    const filter = { from: normal(StartTime), until: normal(EndTime), name: EventName, resourceId: ResourceId }
    const { rows, nextToken } = await page(
      input,
      99,
      ['ListEvents', caller.awsAccountId, StartTime, EndTime, EventName, ResourceId],
      (request) => listEvents(db, caller, filter, request),
      ({ event_id }) => [event_id, ''],
    )
    return { Events: rows.map(toEvent), NextToken: nextToken }
  },
}

/** Times are compared as text, so they must have the same form as those in the database. */
const normal = (time: string | undefined) => (time === undefined ? undefined : new Date(time).toISOString())

const toEvent = (event: EventRow): Answer<typeof Event> => ({
  EventId: event.event_id,
  EventTime: event.event_time,
  EventName: event.event_name,
  PrincipalArn: event.principal_arn,
  AccessKeyId: event.access_key_id,
  RequestId: event.request_id,
  SourceIpAddress: event.source_ip,
  UserAgent: event.user_agent,
  RequestParameters: event.request_parameters,
})
