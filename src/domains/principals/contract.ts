import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  NextToken,
  NonEmptyString,
  PolicyName,
  PrincipalName,
  ResultMax,
  Timestamp,
  list,
  oneOf,
  optional,
  structure,
} from '../../contract/shapes.ts'

const PrincipalType = oneOf('Administrator', 'Person', 'Machine')

export const Principal = structure({
  PrincipalName,
  /** The name used in policies, the journal and denials. */
  PrincipalArn: NonEmptyString,
  PrincipalType,
  /** Without policies a principal may do nothing. */
  PolicyNames: list(PolicyName),
  CreatedTimestamp: Timestamp,
})

/** The principals of the caller's AWS account. No change may leave it without an administrator that has an active key. */
export const belfry = {
  /** An administrator gets the policy AdministratorAccess; other principals begin without permissions. */
  CreatePrincipal: operation({
    http: 'POST /belfry/principals',
    status: 201,
    input: { PrincipalName, PrincipalType },
    output: { Principal },
    errors: [...common, 'ConflictException', 'ThrottledClientException'],
  }),
  GetPrincipal: operation({
    http: 'GET /belfry/principals/{PrincipalName}',
    input: { PrincipalName },
    output: { Principal },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Ordered by name. */
  ListPrincipals: operation({
    http: 'GET /belfry/principals?max-results={MaxResults}&next-token={NextToken}',
    input: { MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Principals: list(Principal), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** Also deletes its keys but not its policies. */
  DeletePrincipal: operation({
    http: 'DELETE /belfry/principals/{PrincipalName}',
    status: 204,
    input: { PrincipalName },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** Idempotent. Takes a policy of the AWS account or a built-in one; at most ten per principal, of 65,536 characters together. */
  AttachPolicy: operation({
    http: 'PUT /belfry/principals/{PrincipalName}/policies/{PolicyName}',
    status: 204,
    input: { PrincipalName, PolicyName },
    output: {},
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
  DetachPolicy: operation({
    http: 'DELETE /belfry/principals/{PrincipalName}/policies/{PolicyName}',
    status: 204,
    input: { PrincipalName, PolicyName },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
}
