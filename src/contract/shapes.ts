/**
 * The vocabulary of contracts: every scalar the published model names, and the few builders to
 * make more. Each broken constraint is worded here once, as AWS words it; a value is never echoed.
 */
import { z } from 'zod'

export type Shape = z.ZodType
export type Members = Readonly<Record<string, Shape>>

interface TextConstraints {
  min?: number
  max?: number
  /** As published, for the message; `test` is what is run, anchored to the whole string. */
  pattern?: string
  test?: RegExp
}

const missing = (kind: string) => (issue: { input?: unknown }) =>
  issue.input === undefined || issue.input === null ? 'Member must not be null' : `Member must be ${kind}`

/** A string without NUL or lone surrogates (neither can be stored); lengths count code points. */
export function text(constraints: TextConstraints = {}): z.ZodString {
  const shape = z.string({ error: missing('a string') }).check((ctx) => {
    for (const message of brokenTextConstraints(ctx.value, constraints))
      ctx.issues.push({ code: 'custom', message, input: ctx.value })
  })
  return shape.meta({ constraints })
}

/** What a text was made with. */
export const constraintsOf = (shape: Shape): TextConstraints =>
  (shape.meta() as { constraints?: TextConstraints } | undefined)?.constraints ?? {}

function* brokenTextConstraints(value: string, { min = 0, max = Infinity, pattern, test }: TextConstraints) {
  if (value.includes('\0') || !value.isWellFormed()) yield 'Member must be well-formed Unicode without NUL'
  const length = value.length > 2 * max ? value.length : Array.from(value).length
  if (length < min) yield `Member must have length greater than or equal to ${min}`
  if (length > max) yield `Member must have length less than or equal to ${max}`
  // A pattern is never tried on text that is too long: backtracking must stay cheap.
  else if (test && !test.test(value)) yield `Member must satisfy regular expression pattern: ${pattern ?? test.source}`
}

export function integer(min: number, max: number) {
  return z
    .int({ error: missing('an integer') })
    .min(min, `Member must have value greater than or equal to ${min}`)
    .max(max, `Member must have value less than or equal to ${max}`)
}

export function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  const message = `Member must satisfy enum value set: [${values.join(', ')}]`
  return z.enum(values, { error: (issue) => (issue.input == null ? 'Member must not be null' : message) })
}

/** Bounded always, and the bound is checked before the items: a long list costs nothing. */
export function list<Item extends Shape>(item: Item, { min = 0, max = 1000 } = {}) {
  return z
    .array(z.unknown(), { error: missing('a list') })
    .min(min, `Member must have length greater than or equal to ${min}`)
    .max(max, `Member must have length less than or equal to ${max}`)
    .pipe(z.array(item))
}

/** Members are required unless `optional`; members the contract does not know are ignored. */
export function structure<const M extends Members>(members: M) {
  return z.object(members, { error: missing('an object') })
}

/** A member that may be absent; `null` means absent, as in the JSON protocols of AWS. */
export function optional<S extends Shape>(shape: S) {
  return shape.nullish().transform((value) => value ?? undefined)
}

/** Marks a shape whose values must never reach a log, an audit record or an error text. */
export function sensitive<S extends Shape>(shape: S): S {
  return shape.meta({ sensitive: true })
}

/** Makes something of each shape once, and keeps it. */
export function oncePerShape<Made>(make: (shape: Shape) => Made): (shape: Shape) => Made {
  const kept = new WeakMap<Shape, Made>()
  return (shape) => {
    const made = kept.get(shape) ?? make(shape)
    kept.set(shape, made)
    return made
  }
}

/** The shape under what `optional` and `list` wrap around it. */
export function bare(shape: Shape): Shape {
  if (shape instanceof z.ZodPipe) return bare((shape.out instanceof z.ZodTransform ? shape.in : shape.out) as Shape)
  if (shape instanceof z.ZodNullable || shape instanceof z.ZodOptional) return bare(shape.unwrap() as Shape)
  return shape
}

export const isOptional = (shape: Shape): boolean => shape.safeParse(undefined).success
export const isSensitive = (shape: Shape): boolean => bare(shape).meta()?.['sensitive'] === true

/** Longest free text Belfry keeps where the model sets no bound [chosen: fits every index and log]. */
const unbounded = 1024

export const Text = text({ max: unbounded })
export const SensitiveString = sensitive(text({ max: unbounded }))
export const NonEmptyString = text({ max: unbounded, pattern: String.raw`.*\S.*`, test: /\S/ })
export const AccountName = text({ min: 1, max: 100, pattern: String.raw`.*\S.*`, test: /\S/ })
export const Boolean = z.boolean({ error: missing('a boolean') })
export const Timestamp = z.iso.datetime()
export const NextToken = text({ max: 8192 })

export const E164PhoneNumber = sensitive(text({ pattern: String.raw`^\+?[1-9]\d{1,14}$`, test: /^\+?[1-9]\d{1,14}$/ }))
/** 320 is the longest address SMTP can carry; the model sets no bound. */
export const EmailAddress = sensitive(text({ max: 320, pattern: String.raw`.+@.+\..+`, test: /^.+@.+\..+$/s }))
/** A name of the DNS, in lower case. */
export const DomainName = text({
  max: 253,
  pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$',
  test: /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
})
/** A time in a request: ISO-8601 in UTC. */
export const TimestampParameter = text({
  max: 32,
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
  test: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z$/,
})
export const CallingName = sensitive(text({ pattern: '^$|^[a-zA-Z0-9 ]{2,15}$', test: /^$|^[a-zA-Z0-9 ]{2,15}$/ }))
export const ClientRequestToken = sensitive(
  text({ min: 2, max: 64, pattern: '[-_a-zA-Z0-9]*', test: /^[-_a-zA-Z0-9]*$/ }),
)
export const JoinToken = sensitive(text({ min: 2, max: 2048, pattern: '^[a-zA-Z0-9+/]+$', test: /^[a-zA-Z0-9+/]+$/ }))
const guid = '[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}'
export const GuidString = text({ pattern: guid, test: new RegExp(`^${guid}$`) })
export const Alpha2CountryCode = text({ pattern: '[A-Z]{2}', test: /^[A-Z]{2}$/ })
export const TollFreePrefix = text({
  min: 3,
  max: 3,
  pattern: '^8(00|33|44|55|66|77|88)$',
  test: /^8(00|33|44|55|66|77|88)$/,
})

/** Names of principals and policies: as IAM's, but for the two that mean something else in a path. [documented] */
const nameInPath = { min: 1, pattern: '(?!\\.{1,2}$)[\\w+=,.@-]+', test: /^(?!\.{1,2}$)[\w+=,.@-]+$/ }
export const PrincipalName = text({ ...nameInPath, max: 64 })
export const PolicyName = text({ ...nameInPath, max: 128 })
export const AccessKeyId = text({ min: 16, max: 128, pattern: '\\w+', test: /^\w+$/ })

export const ProfileServiceMaxResults = integer(1, 200)
export const Count = integer(0, 2_000_000_000)
export const ResultMax = integer(1, 99)
export const PhoneNumberMaxResults = integer(1, 500)
export const RetentionDays = integer(1, 5475)

export const AccountStatus = oneOf('Suspended', 'Active')
export const AccountType = oneOf('Team', 'EnterpriseDirectory', 'EnterpriseLWA', 'EnterpriseOIDC')
export const BotType = oneOf('ChatBot')
export const CallingNameStatus = oneOf('Unassigned', 'UpdateInProgress', 'UpdateSucceeded', 'UpdateFailed')
export const EmailStatus = oneOf('NotSent', 'Sent', 'Failed')
/** As published; Belfry itself uses the ones in errors.ts. */
export const ErrorCode = oneOf(
  'BadRequest',
  'Conflict',
  'Forbidden',
  'NotFound',
  'PreconditionFailed',
  'ResourceLimitExceeded',
  'ServiceFailure',
  'AccessDenied',
  'ServiceUnavailable',
  'Throttled',
  'Throttling',
  'Unauthorized',
  'Unprocessable',
  'VoiceConnectorGroupAssociationsExist',
  'PhoneNumberAssociationsExist',
)
export const InviteStatus = oneOf('Pending', 'Accepted', 'Failed')
export const License = oneOf('Basic', 'Plus', 'Pro', 'ProTrial')
export const MemberType = oneOf('User', 'Bot', 'Webhook')
export const OrderedPhoneNumberStatus = oneOf('Processing', 'Acquired', 'Failed')
export const PhoneNumberAssociationName = oneOf(
  'AccountId',
  'UserId',
  'VoiceConnectorId',
  'VoiceConnectorGroupId',
  'SipRuleId',
)
export const PhoneNumberOrderStatus = oneOf('Processing', 'Successful', 'Failed', 'Partial')
export const PhoneNumberProductType = oneOf('BusinessCalling', 'VoiceConnector', 'SipMediaApplicationDialIn')
export const PhoneNumberStatus = oneOf(
  'AcquireInProgress',
  'AcquireFailed',
  'Unassigned',
  'Assigned',
  'ReleaseInProgress',
  'DeleteInProgress',
  'ReleaseFailed',
  'DeleteFailed',
)
export const PhoneNumberType = oneOf('Local', 'TollFree')
export const RegistrationStatus = oneOf('Unregistered', 'Registered', 'Suspended')
export const RoomMembershipRole = oneOf('Administrator', 'Member')
export const UserType = oneOf('PrivateUser', 'SharedDevice')
