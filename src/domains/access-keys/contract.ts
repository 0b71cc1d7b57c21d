import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  AccessKeyId,
  NextToken,
  PrincipalName,
  ResultMax,
  Timestamp,
  integer,
  list,
  oneOf,
  optional,
  sensitive,
  structure,
  text,
} from '../../contract/shapes.ts'

const SecretAccessKey = sensitive(text({ min: 16, max: 128, pattern: '[!-~]+', test: /^[!-~]+$/ }))
const SessionToken = sensitive(text({ max: 2048 }))
const Status = oneOf('Active', 'Inactive')
/** 0 is no limit. */
const RequestsPerSecond = integer(0, 1_000_000)

export const AccessKey = structure({
  AccessKeyId,
  PrincipalName,
  /** Shown when the key is made, and never again. */
  SecretAccessKey,
  Status,
  /** A limit of its own, instead of BELFRY_REQUESTS_PER_SECOND. */
  RequestsPerSecond,
  CreatedTimestamp: Timestamp,
  /** Some seconds late. */
  LastUsedTimestamp: Timestamp,
  /** Of temporary keys. */
  ExpirationTimestamp: Timestamp,
})

/** As AWS's security token service answers them. */
export const Credentials = structure({ AccessKeyId, SecretAccessKey, SessionToken, Expiration: Timestamp })

export const belfry = {
  /**
   * Makes a key, or takes over a pair that exists already, so that a script changes nothing but its endpoint. Two to a
   * principal at most: one in use, and the one that takes its place. Temporary credentials make none.
   */
  CreateAccessKey: operation({
    http: 'POST /belfry/principals/{PrincipalName}/access-keys',
    status: 201,
    input: {
      PrincipalName,
      AccessKeyId: optional(AccessKeyId),
      SecretAccessKey: optional(SecretAccessKey),
      RequestsPerSecond: optional(RequestsPerSecond),
    },
    output: { AccessKey },
    errors: [
      ...common,
      'NotFoundException',
      'ConflictException',
      'ResourceLimitExceededException',
      'ThrottledClientException',
    ],
  }),
  /** Temporary ones included, until a day after they expire. */
  ListAccessKeys: operation({
    http: 'GET /belfry/principals/{PrincipalName}/access-keys?max-results={MaxResults}&next-token={NextToken}',
    input: { PrincipalName, MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { AccessKeys: list(AccessKey), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Switches a key on or off, everywhere within a second; off ends the temporary credentials it asked for. */
  UpdateAccessKey: operation({
    http: 'POST /belfry/principals/{PrincipalName}/access-keys/{AccessKeyId}',
    input: { PrincipalName, AccessKeyId, Status },
    output: { AccessKey },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** With the temporary credentials it asked for. */
  DeleteAccessKey: operation({
    http: 'DELETE /belfry/principals/{PrincipalName}/access-keys/{AccessKeyId}',
    status: 204,
    input: { PrincipalName, AccessKeyId },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** Temporary credentials of the caller, for twelve hours unless told; they may do what the caller may. */
  GetSessionToken: operation({
    http: 'POST /belfry/session-tokens',
    status: 201,
    input: { DurationSeconds: optional(integer(900, 129_600)) },
    output: { Credentials },
    errors: [...common, 'ThrottledClientException'],
  }),
}
