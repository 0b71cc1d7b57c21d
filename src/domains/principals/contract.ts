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
  /** What policies, the journal and denials call it. */
  PrincipalArn: NonEmptyString,
  PrincipalType,
  /** What it may do; nothing without any. */
  PolicyNames: list(PolicyName),
  CreatedTimestamp: Timestamp,
})

/** Who may call, in the caller's AWS account. No change may leave an AWS account without an administrator who can sign. */
export const belfry = {
  /** An administrator is given the policy AdministratorAccess; anyone else may do nothing at first. */
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
  /** By name. */
  ListPrincipals: operation({
    http: 'GET /belfry/principals?max-results={MaxResults}&next-token={NextToken}',
    input: { MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Principals: list(Principal), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** With its keys. Its policies stay. */
  DeletePrincipal: operation({
    http: 'DELETE /belfry/principals/{PrincipalName}',
    status: 204,
    input: { PrincipalName },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  /** A policy of the AWS account, or a built-in one; ten to a principal at most. Repeating it changes nothing. */
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
