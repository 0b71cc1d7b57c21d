/**
 * The vocabulary of contracts: the scalars of the published model and builders for more. All messages about broken
 * constraints are worded here, as AWS words them; they never contain the value.
 */
import { z } from 'zod'

export type Shape = z.ZodType
export type Members = Readonly<Record<string, Shape>>

interface TextConstraints {
  min?: number
  max?: number
  /** The published pattern, for the message. `test` is the one that runs, anchored to the whole string. */
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

/** The constraints that a text was created with. */
export const constraintsOf = (shape: Shape): TextConstraints =>
  (shape.meta() as { constraints?: TextConstraints } | undefined)?.constraints ?? {}

function* brokenTextConstraints(value: string, { min = 0, max = Infinity, pattern, test }: TextConstraints) {
  if (value.includes('\0') || !value.isWellFormed()) yield 'Member must be well-formed Unicode without NUL'
  const length = value.length > 2 * max ? value.length : Array.from(value).length
  if (length < min) yield `Member must have length greater than or equal to ${min}`
  if (length > max) yield `Member must have length less than or equal to ${max}`
  // The pattern is not run on text that is too long, to bound the cost of backtracking.
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

/** Always bounded. The bound is checked before the items, so that a long list is rejected cheaply. */
export function list<Item extends Shape>(item: Item, { min = 0, max = 1000 } = {}) {
  return z
    .array(z.unknown(), { error: missing('a list') })
    .min(min, `Member must have length greater than or equal to ${min}`)
    .max(max, `Member must have length less than or equal to ${max}`)
    .pipe(z.array(item))
}

/** Members are required unless `optional`; unknown members are ignored. */
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

/** Memoises `make` by shape. */
export function oncePerShape<Made>(make: (shape: Shape) => Made): (shape: Shape) => Made {
  const kept = new WeakMap<Shape, Made>()
  return (shape) => {
    const made = kept.get(shape) ?? make(shape)
    kept.set(shape, made)
    return made
  }
}

/** Unwraps the shape inside `optional` and `list`. */
export function bare(shape: Shape): Shape {
  if (shape instanceof z.ZodPipe) return bare((shape.out instanceof z.ZodTransform ? shape.in : shape.out) as Shape)
  if (shape instanceof z.ZodNullable || shape instanceof z.ZodOptional) return bare(shape.unwrap() as Shape)
  return shape
}

export const isOptional = (shape: Shape): boolean => shape.safeParse(undefined).success
export const isSensitive = (shape: Shape): boolean => bare(shape).meta()?.['sensitive'] === true

/** Maximum length of text where the model sets none [chosen: fits every index and log]. */
const unbounded = 1024

export const Text = text({ max: unbounded })
export const SensitiveString = sensitive(text({ max: unbounded }))
export const NonEmptyString = text({ max: unbounded, pattern: String.raw`.*\S.*`, test: /\S/ })
export const AccountName = text({ min: 1, max: 100, pattern: String.raw`.*\S.*`, test: /\S/ })
export const Boolean = z.boolean({ error: missing('a boolean') })
export const Timestamp = z.iso.datetime()
export const NextToken = text({ max: 8192 })

export const E164PhoneNumber = sensitive(text({ pattern: String.raw`^\+?[1-9]\d{1,14}$`, test: /^\+?[1-9]\d{1,14}$/ }))
/** The model sets no bound; 320 is the maximum length of an address in SMTP. */
export const EmailAddress = sensitive(text({ max: 320, pattern: String.raw`.+@.+\..+`, test: /^.+@.+\..+$/s }))
/** A DNS name in lower case. */
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

/** Names of principals and policies, as in IAM except `.` and `..`, which have a meaning in paths. [documented] */
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
/** The published values. Belfry itself returns only those in errors.ts. */
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
