import { z } from 'zod'
import { ServiceError } from '../contract/errors.ts'
import type { Operation } from '../contract/operation.ts'
import { type Shape, bare, isSensitive, oncePerShape } from '../contract/shapes.ts'
import { namedResources } from '../domains/journal/resources.ts'
import { headerValues } from '../wire/request.ts'
import type { OperationContext } from '../domains/operation.ts'
import type { Request } from '../wire/request.ts'

const mask = 'HIDDEN_DUE_TO_SECURITY_REASONS'
const userAgentAtMost = 256

interface Change {
  name: string
  operation: Operation
  input: unknown
  output: unknown
  request: Request
}

/** The journal's record of a call that may have changed something, including a refused call that goes on record. */
export function describeChange(
  { name, operation, input, output, request }: Change,
  { caller, now, requestId }: OperationContext,
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
    request_parameters: JSON.stringify(maskFor(operation.input)(input)),
    resources: JSON.stringify(namedResources(input, output)),
    error_code: output instanceof ServiceError ? output.name : null,
  }
}

/** Hides the sensitive members of a value. */
type Mask = (value: unknown) => unknown

const maskFor = oncePerShape(makeMask)

function makeMask(shape: Shape): Mask {
  const found = bare(shape)
  if (isSensitive(found)) return whereGiven(() => mask)
  if (found instanceof z.ZodArray) {
    const ofItem = makeMask(found.element as Shape)
    return whereGiven((value) => (value as unknown[]).map(ofItem))
  }
  return found instanceof z.ZodObject ? whereGiven(maskOfMembers(found.shape)) : (value) => value
}

const whereGiven =
  (mask: Mask): Mask =>
  (value) =>
    value === undefined || value === null ? value : mask(value)

function maskOfMembers(shapes: Readonly<Record<string, Shape>>): Mask {
  const members = Object.entries(shapes).map(([name, shape]) => [name, makeMask(shape)] as const)
  return (value) => {
    const given = value as Record<string, unknown>
    const kept: Record<string, unknown> = {}
    for (const [name, mask] of members) if (given[name] !== undefined) kept[name] = mask(given[name])
    return kept
  }
}
