/** Manages access keys directly in the database, because the first key must exist before any request can be signed. */
import { readFileSync } from 'node:fs'
import { type Config, ConfigError } from '../../config.ts'
import { ServiceError } from '../../contract/errors.ts'
import { AccessKeyId, PrincipalName } from '../../contract/shapes.ts'
import type { Database } from '../../database/database.ts'
import { openDatabase, openExisting } from '../../database/open.ts'
import type { Db } from '../../database/transaction.ts'
import { RequestsPerSecond, SecretAccessKey } from '../../domains/access-keys/contract.ts'
import {
  type KeyPair,
  assertFree,
  assertImportable,
  assertKeyFits,
  assertLongTerm,
  newSession,
  newSessionKey,
} from '../../domains/access-keys/rules.ts'
import {
  type AccessKey,
  deleteAccessKey,
  findAccessKey,
  insertAccessKey,
  listAccessKeys,
  listLongTermKeysOf,
  setStatus,
} from '../../domains/access-keys/store.ts'
import { builtInPolicies } from '../../domains/policies/builtin.ts'
import { checkPolicy } from '../../domains/policies/check.ts'
import { PolicyDocument } from '../../domains/policies/contract.ts'
import { arnOf } from '../../domains/principals/rules.ts'
import { type PrincipalKey, findPrincipal } from '../../domains/principals/store.ts'
import { provisionKey, provisionPrincipal } from '../../identity/provision.ts'
import type { Sealer } from '../../identity/sealing.ts'
import { explainDatabase, openStore } from '../../open-store.ts'
import type { Report } from '../output/report.ts'
import { formatTable } from '../output/table.ts'

export interface NewKeyFlags {
  principal: string
  policy?: string
  requestsPerSecond?: string
}

/** The secret is shown only here. */
export async function createKey(config: Config, flags: NewKeyFlags): Promise<Report> {
  return showPair(await storeKey(config, flags))
}

/** Imports the pair that AWS's tools would sign with; the secret is not shown. */
export async function importKey(config: Config, flags: NewKeyFlags): Promise<Report> {
  const { accessKeyId: AccessKeyId } = await storeKey(config, flags, readGivenPair())
  return { document: { AccessKeyId }, text: `Imported ${AccessKeyId}.` }
}

/** What `CreateAccessKey` takes, and nothing else. */
function readGivenPair(): KeyPair {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new ConfigError('Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the pair to be imported.')
  if (!AccessKeyId.safeParse(AWS_ACCESS_KEY_ID).success)
    throw new ConfigError('AWS_ACCESS_KEY_ID must be 16 to 128 letters, digits or _.')
  if (!SecretAccessKey.safeParse(AWS_SECRET_ACCESS_KEY).success)
    throw new ConfigError('AWS_SECRET_ACCESS_KEY must be 16 to 128 visible characters of ASCII.')
  const pair = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }
  try {
    assertImportable(pair)
    return pair
  } catch (error) {
    return explain(error)
  }
}

async function storeKey(config: Config, flags: NewKeyFlags, pair?: KeyPair): Promise<KeyPair> {
  const name = readName(flags.principal)
  const policy = flags.policy === undefined ? undefined : readPolicy(flags.policy, config.AWS_ACCOUNT_ID)
  const requests_per_second = flags.requestsPerSecond === undefined ? null : readRate(flags.requestsPerSecond)
  const store = async (db: Db, sealer: Sealer, now: string) => {
    if (pair) assertFree(await findAccessKey(db, pair.accessKeyId), pair.accessKeyId)
    const principal = await ensurePrincipal(db, now, { awsAccountId: config.AWS_ACCOUNT_ID, name, policy })
    assertKeyFits((await listLongTermKeysOf(db, principal)).length)
    return provisionKey(db, sealer, { principal, now, requests_per_second, pair })
  }
  return change(config, store, openDatabase)
}

type Wanted = Parameters<typeof provisionPrincipal>[2]

/** Creating a key never changes the permissions of an existing principal. */
async function ensurePrincipal(db: Db, now: string, wanted: Wanted): Promise<PrincipalKey> {
  const found = await findPrincipal(db, wanted, wanted.name)
  if (found && wanted.policy !== undefined)
    throw new ConfigError(`The principal ${wanted.name} exists; belfry principal attach changes what it may do.`)
  return found ?? provisionPrincipal(db, now, wanted)
}

/** Creates a replacement key; both keys work until the old one is deleted. */
export async function rotateKey(config: Config, accessKeyId: string): Promise<Report> {
  const pair = await change(config, async (db, sealer, now) => {
    const old = await requireKey(db, accessKeyId)
    assertLongTerm(old)
    assertKeyFits((await listLongTermKeysOf(db, old)).length)
    return provisionKey(db, sealer, { principal: old, now, requests_per_second: old.requests_per_second })
  })
  return showPair(pair)
}

/** Temporary credentials; the secret and the token are shown only here. */
export async function createSession(
  config: Config,
  { principal, durationSeconds }: { principal: string; durationSeconds: number },
): Promise<Report> {
  const awsAccountId = config.AWS_ACCOUNT_ID
  const session = await change(config, async (db, sealer, now) => {
    const found = await findPrincipal(db, { awsAccountId }, principal)
    if (!found) throw new ConfigError(`There is no principal ${principal} in the AWS account ${awsAccountId}.`)
    const made = newSession(now, durationSeconds)
    await insertAccessKey(db, newSessionKey(found, made, { sealSecret: sealer.seal, now }))
    return made
  })
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken } = session
  return {
    // The format of a `credential_process` of AWS's tools.
    document: { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration: session.expiresAt },
    text: `${toVariables(session)}\nAWS_SESSION_TOKEN=${SessionToken}`,
  }
}

function showPair(pair: KeyPair): Report {
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = pair
  return { document: { AccessKeyId, SecretAccessKey }, text: toVariables(pair) }
}

const toVariables = ({ accessKeyId, secretAccessKey }: KeyPair) =>
  `AWS_ACCESS_KEY_ID=${accessKeyId}\nAWS_SECRET_ACCESS_KEY=${secretAccessKey}`

export async function listKeys(config: Config): Promise<Report> {
  const keys = await withStore(config, (database) => database.read(listAccessKeys))
  const AccessKeys = keys.map((key) => ({
    AccessKeyId: key.access_key_id,
    Status: key.status,
    CreatedTimestamp: key.created_at,
    LastUsedTimestamp: key.last_used_at,
    ExpirationTimestamp: key.expires_at,
    PrincipalArn: arnOf(key.aws_account_id, key.principal_name),
  }))
  const headers = ['ACCESS KEY', 'STATUS', 'CREATED', 'LAST USED', 'EXPIRES', 'PRINCIPAL']
  return { document: { AccessKeys }, text: formatTable(headers, AccessKeys.map(Object.values<string | null>)) }
}

/** @param active whether the key can be used */
export async function switchKey(config: Config, accessKeyId: string, active: boolean): Promise<void> {
  await change(config, async (db) => setStatus(db, await requireKey(db, accessKeyId), active ? 'Active' : 'Inactive'))
}

export async function deleteKey(config: Config, accessKeyId: string): Promise<void> {
  await change(config, async (db) => deleteAccessKey(db, await requireKey(db, accessKeyId)))
}

async function requireKey(db: Db, accessKeyId: string): Promise<AccessKey> {
  const key = await findAccessKey(db, accessKeyId)
  if (!key) throw new ConfigError(`There is no access key ${accessKeyId}.`)
  return key
}

type Change<Result> = (db: Db, sealer: Sealer, now: string) => Promise<Result>

/** Runs `make` in one transaction. */
async function change<Result>(config: Config, make: Change<Result>, open = openExisting): Promise<Result> {
  const write: Use<Result> = (database, sealer) => database.write((db) => make(db, sealer, new Date().toISOString()))
  try {
    return await withStore(config, write, open)
  } catch (error) {
    return explain(error)
  }
}

/** A refusal becomes a `ConfigError`, which is reported in one sentence. */
function explain(error: unknown): never {
  if (!(error instanceof ServiceError) || error.status >= 500) throw error
  throw new ConfigError(`${error.message}.`, { cause: error })
}

type Use<Result> = (database: Database, sealer: Sealer) => Promise<Result>

/** @param open `openDatabase` creates a missing database, which only commands that add the first key should do */
async function withStore<Result>(config: Config, use: Use<Result>, open = openExisting) {
  const { database, sealer } = await openStore(config, open)
  try {
    return await explainDatabase(config.DATABASE, () => use(database, sealer))
  } finally {
    await database.close()
  }
}

function readName(name: string): string {
  if (!PrincipalName.safeParse(name).success)
    throw new ConfigError('A principal is named by 1 to 64 letters, digits or +=,.@-_, and not by . or .. alone.')
  return name
}

/** Reads the name of a built-in policy as such, and any other as a file name. */
function readPolicy(name: string, awsAccountId: string): string {
  if (builtInPolicies.has(name)) return name
  try {
    const document = readFileSync(name, 'utf8')
    if (!PolicyDocument.safeParse(document).success) throw new Error('it must have from 1 to 16384 characters')
    checkPolicy(document, awsAccountId)
    return document
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const builtIn = [...builtInPolicies.keys()].join(', ')
    const reason = code === 'ENOENT' ? `there is no such file, and built in are ${builtIn}` : message
    throw new ConfigError(`The policy ${name} cannot be used: ${reason}.`, { cause: error })
  }
}

function readRate(text: string): number {
  const rate = /^\d{1,7}$/.test(text) ? Number(text) : undefined
  if (rate === undefined || !RequestsPerSecond.safeParse(rate).success)
    throw new ConfigError('--requests-per-second must be a whole number from 0 to 1000000.')
  return rate
}
