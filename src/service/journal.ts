import { z } from 'zod'
import { ServiceError } from '../contract/errors.ts'
import type { Operation } from '../contract/operation.ts'
import { type Shape, bare, isSensitive } from '../contract/shapes.ts'
import { namedResources } from '../domains/journal/resources.ts'
import { headerValues } from '../identity/raw-request.ts'
import type { Context } from './handshake.ts'
import type { Request } from './request.ts'

const mask = 'HIDDEN_DUE_TO_SECURITY_REASONS'
const userAgentAtMost = 256

/** What the journal keeps of a call that may have changed something, one that was refused and put on record included. */
export function describeChange(
  name: string,
  { input: shape }: Operation,
  { input, output }: { input: unknown; output: unknown },
  request: Request,
  { caller, now, requestId }: Context,
) {
  return {
    aws_account_id: caller.awsAccountId,
    event_time: now,
    event_name: name,
    principal_arn: caller.principalArn,
    access_key_id: caller.accessKeyId,
    request_id: requestId,
    source_ip: request.sourceIp,
    user_agent: headerValues(request, 'user-agent')[0]?.slice(0, userAgentAtMost) ?? null,
    request_parameters: JSON.stringify(masked(shape, input)),
    resources: JSON.stringify(namedResources(input, output)),
    error_code: output instanceof ServiceError ? output.name : null,
  }
}

function masked(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return value
  const found = bare(shape)
  if (isSensitive(found)) return mask
  if (found instanceof z.ZodArray) return (value as unknown[]).map((item) => masked(found.element as Shape, item))
  if (!(found instanceof z.ZodObject)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([name, member]) => [name, masked(found.shape[name] as Shape, member)]))
}
