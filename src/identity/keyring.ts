import type { Database } from '../database/database.ts'
import type { Caller } from '../service/handshake.ts'
import { type Policy, parsePolicy } from './policy.ts'
import { type AccessKey, findAccessKey } from './store.ts'

/** An access key with what follows from it. */
export interface KnownKey {
  key: AccessKey
  caller: Caller
  policy: Policy
}

/** Finds an access key: in memory, if it was read just now. */
export type Keyring = (accessKeyId: string) => Promise<KnownKey | undefined> | KnownKey

/** A key that is changed, on whatever replica, is known as such everywhere within this time. */
const freshForMs = 500
const keptAtMost = 10_000

interface Kept {
  known: KnownKey
  readAt: number
}

/** Only keys that there are get kept: what clients make up must not fill the memory. */
export function createKeyring(database: Database): Keyring {
  const kept = new Map<string, Kept>()
  const load = async (accessKeyId: string): Promise<KnownKey | undefined> => {
    const readAt = performance.now()
    const key = await database.read((db) => findAccessKey(db, accessKeyId))
    kept.delete(accessKeyId)
    if (!key) return undefined
    if (kept.size >= keptAtMost) kept.clear()
    const known = { key, caller: callerOf(key), policy: parsePolicy(key.policy) }
    kept.set(accessKeyId, { known, readAt })
    return known
  }
  return (accessKeyId) => {
    const found = kept.get(accessKeyId)
    return found && performance.now() - found.readAt < freshForMs ? found.known : load(accessKeyId)
  }
}

const callerOf = (key: AccessKey): Caller => ({
  awsAccountId: key.aws_account_id,
  principalArn: key.principal_arn,
  accessKeyId: key.access_key_id,
})
