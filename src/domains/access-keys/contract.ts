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

export const SecretAccessKey = sensitive(text({ min: 16, max: 128, pattern: '[!-~]+', test: /^[!-~]+$/ }))
const SessionToken = sensitive(text({ max: 2048 }))
const Status = oneOf('Active', 'Inactive')
/** 0 means no limit. */
export const RequestsPerSecond = integer(0, 1_000_000)

export const AccessKey = structure({
  AccessKeyId,
  PrincipalName,
  /** Shown when the key is made, and never again. */
  SecretAccessKey,
  Status,
  /** Overrides BELFRY_REQUESTS_PER_SECOND for this key. */
  RequestsPerSecond,
  CreatedTimestamp: Timestamp,
  /** Written with a delay of some seconds. */
  LastUsedTimestamp: Timestamp,
  /** Only temporary keys have one. */
  ExpirationTimestamp: Timestamp,
})

/** In the form that AWS's Security Token Service returns. */
export const Credentials = structure({ AccessKeyId, SecretAccessKey, SessionToken, Expiration: Timestamp })

export const belfry = {
  /**
   * Creates a key, or imports an existing pair so that a script only has to change its endpoint. A principal has at most
   * two keys: the one in use and its replacement during rotation. Temporary credentials cannot create keys.
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
  /** Includes temporary keys until a day after they expire. */
  ListAccessKeys: operation({
    http: 'GET /belfry/principals/{PrincipalName}/access-keys?max-results={MaxResults}&next-token={NextToken}',
    input: { PrincipalName, MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { AccessKeys: list(AccessKey), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Takes effect on every server within a second. Deactivating a key ends the temporary credentials it requested. */
  UpdateAccessKey: operation({
    http: 'POST /belfry/principals/{PrincipalName}/access-keys/{AccessKeyId}',
    input: { PrincipalName, AccessKeyId, Status },
    output: { AccessKey },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** Also deletes the temporary credentials that the key requested. */
  DeleteAccessKey: operation({
    http: 'DELETE /belfry/principals/{PrincipalName}/access-keys/{AccessKeyId}',
    status: 204,
    input: { PrincipalName, AccessKeyId },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /**
   * Temporary credentials with the permissions of the caller; valid for twelve hours by default. At most 1,000 of one
   * access key are valid at a time.
   */
  GetSessionToken: operation({
    http: 'POST /belfry/session-tokens',
    status: 201,
    input: { DurationSeconds: optional(integer(900, 129_600)) },
    output: { Credentials },
    errors: [...common, 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
}
