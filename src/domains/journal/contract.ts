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

/** One mutating call or one job, in the form of CloudTrail's LookupEvents. [documented] */
export const Event = structure({
  EventId: Text,
  EventName: Text,
  EventSource: Text,
  EventTime: Timestamp,
  /** `true` or `false`, as text. */
  ReadOnly: Text,
  AccessKeyId: Text,
  Username: Text,
  /** The resources named in the request or its response. */
  Resources: list(Resource),
  /** The whole record as JSON, with sensitive members masked. */
  CloudTrailEvent: text(),
})

export const belfry = {
  /** Events of the caller's AWS account, oldest first; the filters are combined with AND. */
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
