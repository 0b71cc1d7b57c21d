/** Events in the form of CloudTrail's records. */
import type { Answer } from '../../contract/operation.ts'
import { readJson } from '../../database/schema/read-json.ts'
import { journal } from '../../database/schema/tables.ts'
import { chimeContracts } from '../contracts.ts'
import type { Event } from './contract.ts'
import { type EventRow, jobs } from './store.ts'

/** In the form of LookupEvents, except that times are formatted as everywhere in this API. [documented] */
export const toEvent = (event: EventRow): Answer<typeof Event> => ({
  EventId: event.event_id,
  EventName: event.event_name,
  EventSource: sourceOf(event),
  EventTime: event.event_time,
  ReadOnly: 'false', // Only mutating calls are journalled.
  AccessKeyId: event.access_key_id,
  Username: userNameOf(event.principal_arn),
  Resources: readJson(journal.shape.resources, event.resources, ['journal.resources', event.event_id]) ?? [],
  CloudTrailEvent: JSON.stringify(toRecord(event)),
})

/** The original was served only from this region, so readers of its records expect it. [documented] */
const awsRegion = 'us-east-1'

/** The members of the sample record. [documented] */
const toRecord = (event: EventRow) => ({
  eventVersion: '1.05',
  userIdentity: toIdentity(event),
  eventTime: event.event_time.replace(/\.\d{3}Z$/, 'Z'),
  eventSource: sourceOf(event),
  eventName: event.event_name,
  awsRegion,
  // For events of a service itself, CloudTrail names the service in both members. [documented]
  sourceIPAddress: isJob(event) ? sourceOf(event) : event.source_ip,
  userAgent: isJob(event) ? sourceOf(event) : event.user_agent,
  ...(event.error_code !== null && { errorCode: event.error_code }),
  requestParameters: toParameters(event),
  responseElements: null,
  requestID: event.request_id,
  eventID: event.event_id,
  eventType: isJob(event) ? 'AwsServiceEvent' : 'AwsApiCall',
  recipientAccountId: event.aws_account_id,
})

/** Belfry's own operations have their own source, under the top-level domain reserved for private use. */
const sourceOf = ({ event_name }: EventRow) =>
  Object.hasOwn(chimeContracts, event_name) ? 'chime.amazonaws.com' : 'belfry.internal'

const isJob = ({ principal_arn }: EventRow) => principal_arn === jobs

/** `ann` of `arn:aws:iam::111122223333:user/staff/ann`. */
const userNameOf = (principalArn: string) => /[^/]*$/.exec(principalArn)?.[0] ?? principalArn

/** Principals have no id other than their ARN. A name that is no ARN is a part of the server. */
function toIdentity({ principal_arn: arn, aws_account_id: accountId, access_key_id: accessKeyId }: EventRow) {
  if (!arn.startsWith('arn:')) return { type: 'AWSService', invokedBy: arn }
  return { type: 'IAMUser', principalId: arn, arn, accountId, accessKeyId, userName: userNameOf(arn) }
}

/** Null if there are none, or if what is stored cannot be read. */
function toParameters({ request_parameters, event_id }: EventRow): unknown {
  const name = ['journal.request_parameters', event_id] as const
  const parameters = readJson(journal.shape.request_parameters, request_parameters, name) ?? {}
  return Object.keys(parameters).length === 0 ? null : lowerCamel(parameters)
}

/** Only the first letter changes: `SMS` is `sMS` in CloudTrail too. [documented samples] */
function lowerCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCamel)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([name, member]) => [lowerFirst(name), lowerCamel(member)]))
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
