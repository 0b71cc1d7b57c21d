import type { Database } from '../database/database.ts'
import { type AccessKey, type KeyWithPolicy, listKeyWithPolicies } from '../domains/access-keys/store.ts'
import type { Policy } from '../domains/policies/document.ts'
import { arnOf } from '../domains/principals/rules.ts'
import type { Caller } from '../domains/operation.ts'
import { createPolicyReader } from './stored-policies.ts'

/** An access key with what follows from it. */
export interface KnownKey {
  key: AccessKey
  caller: Caller
  /** All its principal has. */
  policies: readonly Policy[]
}

/** Finds an access key: in memory, if it was read just now. */
export type Keyring = (accessKeyId: string) => Promise<KnownKey | undefined> | KnownKey | undefined

/** Older than this, it is read again, beside the requests that still go by what is known. */
const freshForMs = 400
/** A key, principal or policy that is changed, on whatever replica, is known as such everywhere within this time. */
const usableForMs = 900
const keptAtMost = 10_000

interface Kept {
  known: KnownKey
  readAt: number
}

/** Only keys that there are get kept: what clients make up must not fill the memory. */
export function createKeyring(database: Database): Keyring {
  const kept = new Map<string, Kept>()
  const loading = new Map<string, Promise<KnownKey | undefined>>()
  const readPolicy = createPolicyReader()
  const load = async (accessKeyId: string): Promise<KnownKey | undefined> => {
    const readAt = performance.now()
    const rows = await database.read((db) => listKeyWithPolicies(db, { accessKeyId }))
    kept.delete(accessKeyId)
    const [key] = rows
    if (!key) return undefined
    if (kept.size >= keptAtMost) kept.clear()
    const known = { key, caller: callerOf(key), policies: rows.flatMap((row) => policiesOf(row, readPolicy)) }
    kept.set(accessKeyId, { known, readAt })
    return known
  }
  const loadOnce = (accessKeyId: string) => {
    const found = loading.get(accessKeyId)
    if (found) return found
    const started = load(accessKeyId).finally(() => loading.delete(accessKeyId))
    loading.set(accessKeyId, started)
    return started
  }
  return (accessKeyId) => {
    const found = kept.get(accessKeyId)
    // No key has such an id, and not every database could be asked.
    if (!found && !/^\w{1,128}$/.test(accessKeyId)) return undefined
    const age = found ? performance.now() - found.readAt : Infinity
    if (found && age < freshForMs) return found.known
    const loaded = loadOnce(accessKeyId)
    if (!found || age >= usableForMs) return loaded
    loaded.catch(() => {}) // Who asks when it is too old is told.
    return found.known
  }
}

const policiesOf = ({ policy_name, document }: KeyWithPolicy, readPolicy: ReturnType<typeof createPolicyReader>) =>
  policy_name === null ? [] : [readPolicy(policy_name, document)]

const callerOf = (key: AccessKey): Caller => ({
  awsAccountId: key.aws_account_id,
  principalArn: arnOf(key.aws_account_id, key.principal_name),
  accessKeyId: key.access_key_id,
})
