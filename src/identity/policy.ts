/** IAM policy documents, as far as they matter to actions that know no resources: Effect and Action. */
import { z } from 'zod'
import { ServiceError } from '../contract/errors.ts'
import type { Caller } from '../service/handshake.ts'

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())
const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
})
const Policy = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([Statement, z.array(Statement)]).transform((value) => [value].flat()),
})
export type Policy = z.output<typeof Policy>

/** Throws a `ZodError` for a document with anything this server would not enforce. */
export const parsePolicy = (document: string): Policy => Policy.parse(JSON.parse(document))

export const everythingAllowed = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})

interface Asked {
  action: string
  /** Its ARN; `*` for an action that knows no resources, of which only a statement about `*` can speak. */
  resource: string
}

/** Throws `AccessDeniedException` in AWS's words unless a statement allows the action and none denies it. */
export function assertAllowed(policy: Policy, caller: Caller, asked: Asked): void {
  const applying = policy.Statement.filter((statement) => applies(statement, asked))
  const effects = new Set(applying.map(({ Effect }) => Effect))
  if (effects.has('Deny')) deny(caller, asked, 'with an explicit deny in an identity-based policy')
  if (!effects.has('Allow')) deny(caller, asked, `because no identity-based policy allows the ${asked.action} action`)
}

function deny({ principalArn }: Caller, { action, resource }: Asked, reason: string): never {
  throw new ServiceError(
    'AccessDeniedException',
    `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  )
}

function applies({ Action, Resource }: Policy['Statement'][number], { action, resource }: Asked) {
  return (
    Action.some((pattern) => matches(pattern, action)) &&
    Resource.some((pattern) => (resource === '*' ? pattern === '*' : matches(pattern, resource)))
  )
}

/** The ARN of what a request is about. @param template as in the contract: `meeting/{MeetingId}` */
export function resourceOf(
  template: string | undefined,
  labels: Readonly<Record<string, string>>,
  { awsAccountId }: Caller,
): string {
  if (template === undefined) return '*'
  const name = template.replace(/\{(\w+)\}/g, (_, label: string) => labels[label] ?? '')
  return `arn:aws:chime::${awsAccountId}:${name}`
}

/** In any case: a meeting is found by its id in any case, so a Deny must be, too. */
const matches = (pattern: string, text: string) => fits(pattern.toLowerCase(), text.toLowerCase())

/** `*` stands for any text, `?` for one character. Linear in the length of both, whatever the pattern. */
function fits(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, t, p + 1]
    else if (pattern[p] === '?' || pattern[p] === text[t]) [p, t] = [p + 1, t + 1]
    else if (star >= 0) [p, t, mark] = [star + 1, mark + 1, mark + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(p))
}
