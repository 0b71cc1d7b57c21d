import { page } from '../../database/pagination.ts'
import type { Handlers } from '../operation.ts'
import type { belfry } from './contract.ts'
import { toEvent } from './record.ts'
import { spellingsOf } from './resources.ts'
import { findEventHorizon, listEvents } from './store.ts'

export const handlers = {
  async ListEvents(input, { db, caller }) {
    const { StartTime, EndTime, EventName, ResourceId } = input
    const resourceIds = ResourceId === undefined ? undefined : spellingsOf(ResourceId)
    const filter = { from: normal(StartTime), until: normal(EndTime), name: EventName, resourceIds }
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListEvents', caller.awsAccountId, StartTime, EndTime, EventName, ResourceId],
      fetch: (request) => listEvents(db, caller, filter, request),
      positionOf: ({ event_id }) => [event_id, ''],
      findHorizon: (after) => findEventHorizon(db, caller, filter, after),
    })
    return { Events: rows.map(toEvent), NextToken: nextToken }
  },
} satisfies Handlers<typeof belfry>

/** Times are compared as text, so they must have the same format as those in the database. */
const normal = (time: string | undefined) => (time === undefined ? undefined : new Date(time).toISOString())
