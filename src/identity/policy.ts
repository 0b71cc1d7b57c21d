/** Authorization: evaluates the policies of a principal for a request. */
import { ServiceError } from '../contract/errors.ts'
import type { ConditionKey, FactOf } from '../domains/policies/conditions.ts'
import type { Policy } from '../domains/policies/document.ts'
import { type Fact, createFact } from '../domains/policies/fact.ts'
import type { Caller } from '../domains/operation.ts'
import { type RawRequest, headerValues } from '../wire/request.ts'

/** A request, as far as policies can speak of it. */
export interface Asked {
  /** `chime:GetUser` */
  action: string
  /** Its ARN; `*` for an action that knows no resources. */
  resource: string
  caller: Caller
  request: RawRequest & { sourceIp: string | null; secure: boolean }
  /** Of the signature: `day/region/service/aws4_request` */
  scope: string
  time: Date
}

/** Throws `AccessDeniedException` in AWS's words unless a statement allows the action and none denies it. */
export function assertAllowed(policies: readonly Policy[], asked: Asked): void {
  const { action } = asked
  const question = {
    action: createFact(action.toLowerCase()),
    resource: createFact(asked.resource.toLowerCase()),
    factOf: readFacts(asked),
  }
  let isAllowed = false
  for (const policy of policies)
    for (const { effect, speaksOf } of policy) {
      if ((isAllowed && effect === 'Allow') || !speaksOf(question)) continue
      if (effect === 'Deny') deny(asked, 'with an explicit deny in an identity-based policy')
      isAllowed = true
    }
  if (!isAllowed) deny(asked, `because no identity-based policy allows the ${action} action`)
}

function deny({ caller, action, resource }: Asked, reason: string): never {
  throw new ServiceError(
    'AccessDeniedException',
    `User: ${caller.principalArn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  )
}

/** Each fact is made once, so that all conditions of a request share what was found out about it. */
function readFacts(asked: Asked): FactOf {
  const known = new Map<ConditionKey, Fact | undefined>()
  return (key) => {
    if (known.has(key)) return known.get(key)
    const text = facts[key](asked)
    const fact = text === undefined ? undefined : createFact(text)
    known.set(key, fact)
    return fact
  }
}

/** Conditions see no more of it, which bounds what a step of a pattern costs. */
const userAgentAtMost = 256
/** The same for a name in a path. A longer one names nothing, and is refused when it is parsed. */
const labelAtMost = 256

/** The condition keys, each computed only if a condition uses it. */
const facts: Readonly<Record<ConditionKey, (asked: Asked) => string | undefined>> = {
  'aws:CurrentTime': ({ time }) => time.toISOString(),
  'aws:EpochTime': ({ time }) => String(Math.floor(time.getTime() / 1000)),
  'aws:PrincipalAccount': ({ caller }) => caller.awsAccountId,
  'aws:PrincipalArn': ({ caller }) => caller.principalArn,
  'aws:RequestedRegion': ({ scope }) => scope.split('/')[1],
  'aws:SecureTransport': ({ request }) => String(request.secure),
  'aws:SourceIp': ({ request }) => request.sourceIp ?? undefined,
  'aws:UserAgent': ({ request }) => headerValues(request, 'user-agent')[0]?.slice(0, userAgentAtMost),
  'aws:username': ({ caller }) => caller.principalArn.split(':user/')[1],
}

/** The ARN of the resource of a request. @param template as in the contract: `meeting/{MeetingId}` */
export function resourceOf(
  template: string | undefined,
  labels: Readonly<Record<string, string>>,
  { awsAccountId }: Caller,
): string {
  if (template === undefined) return '*'
  const name = template.replace(/\{(\w+)\}/g, (_, label: string) => (labels[label] ?? '').slice(0, labelAtMost))
  return `arn:aws:chime::${awsAccountId}:${name}`
}
