import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Boolean,
  NextToken,
  PolicyName,
  ResultMax,
  Timestamp,
  list,
  optional,
  structure,
  text,
} from '../../contract/shapes.ts'

/** An IAM policy document, as JSON text. */
export const PolicyDocument = text({ min: 1, max: 16_384 })

export const Policy = structure({
  PolicyName,
  PolicyDocument,
  /** A built-in policy belongs to no AWS account and cannot be changed. */
  BuiltIn: Boolean,
  CreatedTimestamp: Timestamp,
  UpdatedTimestamp: Timestamp,
})

/** The policies of the caller's AWS account. */
export const belfry = {
  /**
   * Creates a policy or replaces its document; takes effect on every server within a second. Refused are elements that
   * would not be enforced, with their place.
   */
  PutPolicy: operation({
    http: 'PUT /belfry/policies/{PolicyName}',
    input: { PolicyName, PolicyDocument },
    output: { Policy },
    errors: [...common, 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
  GetPolicy: operation({
    http: 'GET /belfry/policies/{PolicyName}',
    input: { PolicyName },
    output: { Policy },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Ordered by name. The first page begins with the built-in policies, in addition to the page size. */
  ListPolicies: operation({
    http: 'GET /belfry/policies?max-results={MaxResults}&next-token={NextToken}',
    input: { MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Policies: list(Policy), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** The policy must not be attached to a principal. */
  DeletePolicy: operation({
    http: 'DELETE /belfry/policies/{PolicyName}',
    status: 204,
    input: { PolicyName },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
}
