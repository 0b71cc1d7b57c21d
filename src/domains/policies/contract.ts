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
const PolicyDocument = text({ min: 1, max: 16_384 })

export const Policy = structure({
  PolicyName,
  PolicyDocument,
  /** Whether Belfry has it by itself: such a policy belongs to nobody and cannot be changed. */
  BuiltIn: Boolean,
  CreatedTimestamp: Timestamp,
  UpdatedTimestamp: Timestamp,
})

/** What principals of the caller's AWS account may do. */
export const belfry = {
  /** Makes a policy, or gives the one of that name another document: everywhere within a second. */
  PutPolicy: operation({
    http: 'PUT /belfry/policies/{PolicyName}',
    input: { PolicyName, PolicyDocument },
    output: { Policy },
    errors: [...common, 'ThrottledClientException'],
  }),
  GetPolicy: operation({
    http: 'GET /belfry/policies/{PolicyName}',
    input: { PolicyName },
    output: { Policy },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Those of the AWS account by name; the first page begins with the built-in ones, which do not count. */
  ListPolicies: operation({
    http: 'GET /belfry/policies?max-results={MaxResults}&next-token={NextToken}',
    input: { MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Policies: list(Policy), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** Only of a policy that no principal has. */
  DeletePolicy: operation({
    http: 'DELETE /belfry/policies/{PolicyName}',
    status: 204,
    input: { PolicyName },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
}
