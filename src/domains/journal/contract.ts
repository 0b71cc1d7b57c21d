import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  NextToken,
  NonEmptyString,
  ResultMax,
  Text,
  Timestamp,
  TimestampParameter,
  list,
  optional,
  structure,
  text,
} from '../../contract/shapes.ts'

export const Resource = structure({ ResourceType: Text, ResourceName: Text })

/** One call that may have changed something, or one job, as CloudTrail's LookupEvents answers it. [documented] */
export const Event = structure({
  EventId: Text,
  EventName: Text,
  EventSource: Text,
  EventTime: Timestamp,
  /** `true` or `false`, as text. */
  ReadOnly: Text,
  AccessKeyId: Text,
  Username: Text,
  /** What the request or its answer named. */
  Resources: list(Resource),
  /** The whole record as JSON, with sensitive members masked. */
  CloudTrailEvent: text(),
})

export const belfry = {
  /** Oldest first, of the caller's AWS account; the filters go together. */
  ListEvents: operation({
    http: 'GET /belfry/events?start-time={StartTime}&end-time={EndTime}&event-name={EventName}&resource-id={ResourceId}&max-results={MaxResults}&next-token={NextToken}',
    input: {
      StartTime: optional(TimestampParameter),
      EndTime: optional(TimestampParameter),
      EventName: optional(NonEmptyString),
      ResourceId: optional(NonEmptyString),
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { Events: list(Event), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
}
