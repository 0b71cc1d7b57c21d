/** All settings: `BELFRY_*` in the environment, or a flag of the same name. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { isMailbox } from './primitives/mail-address.ts'

interface Setting<Value = unknown> {
  shape: z.ZodType<Value, string>
  meaning: string
}

interface SettingWithDefault<Value> extends Setting<Value> {
  /** As a user would write it. */
  default: string
}

const setting = <Value>(
  shape: z.ZodType<Value, string>,
  meaning: string,
  defaultText: string,
): SettingWithDefault<Value> => ({ shape, meaning, default: defaultText })

/** Undefined if not given. */
const optionalSetting = <Value>(shape: z.ZodType<Value, string>, meaning: string): Setting<Value> => ({
  shape,
  meaning,
})

const text = z.string().min(1, 'must not be empty')
const words = (one: RegExp, message: string) =>
  z
    .string()
    .transform((value) => value.split(',').map((word) => word.trim()))
    .refine((found) => found.every((word) => one.test(word)), message)
const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((value) => value === 'true' || value === '1')
const whole = (min: number, max: number) =>
  z
    .string()
    .refine(
      (value) => /^\d{1,10}$/.test(value) && Number(value) >= min && Number(value) <= max,
      `must be a whole number from ${min} to ${max}`,
    )
    .transform(Number)
    .meta({ range: [min, max] })
const address = (protocols: readonly string[]) =>
  z
    .string()
    .refine((value) => isAddress(value, protocols), `must be a URL of a host with ${protocols.join('// or ')}//`)
/** Paths are put behind it. */
const baseAddress = address(['http:', 'https:'])
  .refine((value) => !/[?#]/.test(value), 'must be a URL without ? and #')
  .refine((value) => !/^[^/]*\/\/[^/]*@/.test(value), 'must be a URL without a user')
  .transform((value) => value.replace(/\/+$/, ''))
const awsAccountId = z.string().regex(/^\d{12}$/, 'must be 12 digits')

export const settings = {
  HOST: setting(text, 'Address to listen on.', '127.0.0.1'),
  PORT: setting(whole(0, 65_535), 'Port to listen on; 0 takes any free one.', '8080'),
  DATABASE: setting(
    z.string().regex(/^(?:sqlite:.+|postgres(?:ql)?:\/\/.+)$/, 'must be sqlite:<file> or postgres://…'),
    'Where everything is kept: `sqlite:<file>` or `postgres://…`.',
    'sqlite:./data/belfry.db',
  ),
  AWS_ACCOUNT_ID: setting(awsAccountId, "The AWS account of the administrator's key.", '111122223333'),
  ROOT_ACCESS_KEY_ID: optionalSetting(
    z.string().regex(/^\w{16,128}$/, 'must be 16 to 128 letters, digits or _'),
    "The administrator's access key; without it one is made at the first start and shown once.",
  ),
  ROOT_SECRET_ACCESS_KEY: optionalSetting(z.string().min(16, 'must have 16 characters or more'), 'Its secret.'),
  SEALING_KEY: optionalSetting(
    z
      .string()
      .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
      .transform((value) => Buffer.from(value, 'base64')),
    'Seals the secrets in the database: 32 bytes in base64. Without it one is kept in a file, readable by its owner alone.',
  ),
  SEALING_KEY_FILE: setting(text, 'The file of the sealing key.', './data/sealing.key'),
  REGIONS: setting(
    words(/^(?:\*|[a-z]{2,4}(?:-[a-z]+)+-\d{1,2})$/, 'must be regions such as us-east-1, or *'),
    'Regions a signature may be made for, separated by commas; `*` for any.',
    '*',
  ),
  CLOCK_SKEW_SECONDS: setting(whole(1, 86_400), "How far a client's clock may be off, either way.", '900'),
  REQUESTS_PER_SECOND: setting(
    whole(0, 1_000_000),
    'Reads, and as many writes, for each access key without a limit of its own; 0 for no limit.',
    '0',
  ),
  WRITES_PER_SECOND: optionalSetting(
    whole(0, 1_000_000),
    'Writes, where they are to have another limit than reads; 0 for no limit.',
  ),
  MAX_REQUESTS: setting(
    whole(0, 1_000_000),
    'Requests under way at a time; more are told to come back in a second. 0 for no limit.',
    '500',
  ),
  MAX_LOOP_DELAY_MS: setting(
    whole(0, 600_000),
    'How late the process may be with what it has to do before it tells callers to come back in a second. 0 for no limit.',
    '1000',
  ),
  RESTRICTED_AWS_ACCOUNTS: optionalSetting(
    words(/^\d{12}$/, 'must be AWS accounts of 12 digits'),
    'AWS accounts that may not use telephony, separated by commas.',
  ),
  ORDER_DELAY_MS: setting(whole(0, 86_400_000), 'How long a phone number order is being processed.', '2000'),
  CALLING_NAME_DELAY_MS: setting(whole(0, 259_200_000), 'How long a new calling name takes to spread.', '2000'),
  CALLING_NAME_INTERVAL_DAYS: setting(
    whole(0, 3650),
    'How long the default calling name of an AWS account stays before it may change again.',
    '7',
  ),
  DELETION_QUEUE_DAYS: setting(whole(0, 3650), 'How long a deleted phone number can be restored.', '7'),
  PHONE_NUMBER_QUOTA: setting(
    whole(0, 2_000_000_000),
    'Phone numbers an AWS account may have, the deletion queue included; 0 for no limit.',
    '25',
  ),
  JOURNAL_DAYS: optionalSetting(
    whole(1, 3650),
    'How long the journal keeps what was changed; without it for ever. `belfry journal export` saves it before.',
  ),
  CREATE_USER_DIRECTORY_ONLY: setting(
    flag,
    'Whether CreateUser is refused outside EnterpriseDirectory accounts, as the original did.',
    'false',
  ),
  PUBLIC_URL: optionalSetting(
    baseAddress,
    'Where others reach this server: the URLs of webhooks begin with it. Without it, where it listens.',
  ),
  WEBHOOK_ALLOW: optionalSetting(
    words(/^(?:[A-Za-z0-9][A-Za-z0-9.-]*|[0-9a-fA-F:.]+)(?:\/\d{1,3})?$/, 'must be hosts, addresses or ranges').refine(
      (found) => found.every(isHostOrRange),
      'must be hosts, addresses or ranges such as 10.1.0.0/16',
    ),
    'What bots may have their endpoint at although it is not public: hosts, addresses or ranges, separated by commas.',
  ),
  WEBHOOK_CA_FILE: optionalSetting(
    text,
    'Certificates (PEM) of authorities that endpoints of bots may have theirs from, besides the usual ones.',
  ),
  LAMBDA_ENDPOINT: optionalSetting(
    baseAddress,
    'Where Lambda functions are invoked that bots have their events sent to; without it none can be set.',
  ),
  SMTP_URL: optionalSetting(
    address(['smtp:', 'smtps:']),
    'The mail server that invitations are handed to; without it none are sent. It may hold a password.',
  ),
  MAIL_FROM: setting(
    z.string().refine(isMailbox, 'must be one address, as ann@example.com or Ann <ann@example.com>'),
    'Who invitations are from: one address, with a name or without.',
    'Belfry <belfry@localhost>',
  ),
  TLS_CERT: optionalSetting(
    text,
    'The file (PEM) of the certificate, with those between it and its authority: the server then speaks HTTPS. Read again when it changes.',
  ),
  TLS_KEY: optionalSetting(text, 'The file (PEM) of its key.'),
  MAX_CONNECTIONS: setting(whole(1, 1_000_000), 'Connections open at a time; more are closed at once.', '1000'),
  HEADERS_TIMEOUT_MS: setting(whole(100, 600_000), 'How long the head of a request may take to arrive.', '15000'),
  REQUEST_TIMEOUT_MS: setting(
    whole(100, 600_000),
    'How long a whole request may take to arrive; not shorter than `BELFRY_HEADERS_TIMEOUT_MS`.',
    '30000',
  ),
  METRICS_TOKEN: optionalSetting(
    z.string().regex(/^[!-~]{16,}$/, 'must be 16 or more visible characters of ASCII'),
    'Whoever sends it as `Authorization: Bearer …` may read `/metrics`, and nobody else; without it, whoever comes from a loopback address.',
  ),
  DRAIN_DELAY_MS: setting(
    whole(0, 600_000),
    'How long it still serves after it was told to stop, while `/ready` says 503 already: longer than balancers take to notice.',
    '0',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent'),
    'How much is logged on standard error.',
    'info',
  ),
  LOG_FORMAT: setting(
    z.enum(['auto', 'json', 'text'], 'must be auto, json or text'),
    'Whether the log is one JSON object per line, or text for people; `auto` is text on a terminal alone.',
    'auto',
  ),
  EXPLAIN_SIGNATURES: setting(
    flag,
    'Whether whoever sends a signature that does not match is told what should have been signed, and what differs.',
    'false',
  ),
} as const satisfies Record<string, Setting>

/** Secrets, which are not taken from flags because every user of the machine can see a process's arguments. */
export const environmentOnly: ReadonlySet<string> = new Set([
  'ROOT_SECRET_ACCESS_KEY',
  'SEALING_KEY',
  'METRICS_TOKEN',
  'SMTP_URL',
])

type Settings = typeof settings
export type SettingName = keyof Settings
type ValueOf<S> = S extends Setting<infer Value> ? Value | (S extends { default: string } ? never : undefined) : never
export type Config = { readonly [Name in SettingName]: ValueOf<Settings[Name]> }

/** The least and the most that a numeric setting may be. */
export const rangeOf = ({ shape }: Setting): readonly [number, number] | undefined =>
  (shape.meta() as { range?: readonly [number, number] } | undefined)?.range

/** `URL` itself takes blanks and control characters, which would be kept here, and a URL without a host. */
function isAddress(value: string, protocols: readonly string[]): boolean {
  if (/[\s\p{Cc}\\]/u.test(value) || !URL.canParse(value)) return false
  const { protocol, host } = new URL(value)
  return protocols.includes(protocol) && host !== '' && value.toLowerCase().startsWith(`${protocol}//`)
}

/** A range needs an address; anything else can be a host. */
function isHostOrRange(entry: string): boolean {
  const [address = '', bits] = entry.split('/')
  const version = isIP(address)
  if (bits === undefined) return version !== 0 || /[A-Za-z]/.test(entry)
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128)
}

/** Invalid settings; the message is one sentence for the operator. */
export class ConfigError extends Error {}

const prefix = 'BELFRY_'

/** @param given settings by name, which override the environment. Throws `ConfigError`. */
export function readConfig(environment: NodeJS.ProcessEnv, given: Partial<Record<SettingName, string>> = {}): Config {
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith(prefix) && !isSetting(name.slice(prefix.length)),
  )
  if (unknown !== undefined) throw new ConfigError(`${unknown} is not a setting of Belfry.`)
  const config = Object.fromEntries(
    Object.entries(settings).map(([name, it]: [string, Setting]) => [
      name,
      readSetting(name as SettingName, it, environment, given),
    ]),
  ) as Config
  for (const [one, other] of pairs)
    if ((config[one] === undefined) !== (config[other] === undefined))
      throw new ConfigError(`${prefix}${one} and ${prefix}${other} must be given together.`)
  assertTimeouts(config)
  return config
}

/** Node.js takes no other order of the two. */
function assertTimeouts({ HEADERS_TIMEOUT_MS: headers, REQUEST_TIMEOUT_MS: request }: Config) {
  if (request < headers)
    throw new ConfigError(
      `${prefix}REQUEST_TIMEOUT_MS (${request}) must not be less than ${prefix}HEADERS_TIMEOUT_MS (${headers}).`,
    )
}

/** Neither makes sense without the other. */
const pairs = [
  ['ROOT_ACCESS_KEY_ID', 'ROOT_SECRET_ACCESS_KEY'],
  ['TLS_CERT', 'TLS_KEY'],
] as const

export const isSetting = (name: string): name is SettingName => Object.hasOwn(settings, name)

function readSetting(
  name: SettingName,
  { shape, default: defaultText }: Setting & { default?: string },
  environment: NodeJS.ProcessEnv,
  given: Partial<Record<SettingName, string>>,
): unknown {
  const value = given[name] ?? environment[prefix + name] ?? defaultText
  if (value === undefined) return undefined
  const result = shape.safeParse(value)
  if (!result.success) throw new ConfigError(`${prefix}${name} ${result.error.issues[0]?.message ?? 'is not valid'}.`)
  return result.data
}
