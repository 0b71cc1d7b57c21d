/** Access keys, straight on the database: what there has to be before anybody can sign a request. */
import { readFileSync } from 'node:fs'
import { type Config, ConfigError } from '../config.ts'
import type { Database } from '../database/database.ts'
import { createAccessKey } from '../identity/access-keys.ts'
import { parsePolicy } from '../identity/policy.ts'
import type { Seal } from '../identity/sealing.ts'
import { listAccessKeys, setAccessKeyStatus } from '../identity/store.ts'
import { openStore } from '../server.ts'

export interface NewKeyFlags {
  principal: string
  policy?: string
  requestsPerSecond?: string
}

/** Prints the new key; the secret is shown only now. */
export async function createKey(config: Config, { principal, policy, requestsPerSecond }: NewKeyFlags): Promise<void> {
  const awsAccountId = config.AWS_ACCOUNT_ID
  const key = {
    awsAccountId,
    principalArn: `arn:aws:iam::${awsAccountId}:user/${readName(principal)}`,
    ...(policy !== undefined && { policy: readPolicy(policy) }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond: readRate(requestsPerSecond) }),
  }
  const pair = await withStore(config, (database, seal) =>
    database.write((db) => createAccessKey(db, seal, new Date().toISOString(), key)),
  )
  process.stdout.write(`AWS_ACCESS_KEY_ID=${pair.accessKeyId}\nAWS_SECRET_ACCESS_KEY=${pair.secretAccessKey}\n`)
}

export async function listKeys(config: Config): Promise<void> {
  const keys = await withStore(config, (database) => database.read(listAccessKeys))
  for (const { access_key_id, status, created_at, principal_arn } of keys)
    process.stdout.write(`${access_key_id}  ${status.padEnd(8)}  ${created_at}  ${principal_arn}\n`)
}

/** @param active whether the key may be used from now on */
export async function switchKey(config: Config, accessKeyId: string, active: boolean): Promise<void> {
  const found = await withStore(config, (database) =>
    database.write((db) => setAccessKeyStatus(db, accessKeyId, active ? 'Active' : 'Inactive')),
  )
  if (!found) throw new ConfigError(`There is no access key ${accessKeyId}.`)
}

async function withStore<Result>(config: Config, use: (database: Database, seal: Seal) => Promise<Result>) {
  const { database, seal } = await openStore(config)
  try {
    return await use(database, seal)
  } finally {
    await database.close()
  }
}

function readName(name: string): string {
  if (!/^[\w+=,.@-]{1,64}$/.test(name))
    throw new ConfigError('A principal is named by 1 to 64 letters, digits or +=,.@-_.')
  return name
}

function readPolicy(file: string): string {
  try {
    const document = readFileSync(file, 'utf8')
    parsePolicy(document)
    return document
  } catch (error) {
    throw new ConfigError(`The policy ${file} cannot be used: ${reasonOf(error)}.`, { cause: error })
  }
}

/** The place and the reason of the first thing that is wrong. */
function reasonOf(error: unknown): string {
  const [issue] = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues ?? []
  if (issue) return `${issue.path.join('.') || 'the document'}: ${issue.message}`
  return error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message
}

function readRate(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new ConfigError('--requests-per-second must be a whole number.')
  return Number(text)
}
