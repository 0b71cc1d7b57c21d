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
} from '../../contract/shapes.ts'

/** One successful call that may have changed something, or one job. */
export const Event = structure({
  EventId: Text,
  EventTime: Timestamp,
  EventName: Text,
  PrincipalArn: Text,
  AccessKeyId: Text,
  RequestId: Text,
  SourceIpAddress: Text,
  UserAgent: Text,
  /** JSON, with sensitive members masked. */
  RequestParameters: Text,
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
