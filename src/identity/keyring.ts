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
  /** All policies of its principal. */
  policies: readonly Policy[]
}

/** Finds an access key, in memory if it was read recently. */
export type Keyring = (accessKeyId: string) => Promise<KnownKey | undefined> | KnownKey | undefined

/** An older entry is refreshed in the background, while requests still use it. */
const freshForMs = 400
/** An older entry is not used, so a change on any replica takes effect everywhere within this time. */
const usableForMs = 900
const keptAtMost = 10_000

interface Kept {
  known: KnownKey
  readAt: number
}

/** Only existing keys are kept, because invented ones would fill the memory. */
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
    // No key has such an id, and not every database accepts such a text.
    if (!found && !/^\w{1,128}$/.test(accessKeyId)) return undefined
    const age = found ? performance.now() - found.readAt : Infinity
    if (found && age < freshForMs) return found.known
    const loaded = loadOnce(accessKeyId)
    if (!found || age >= usableForMs) return loaded
    loaded.catch(() => {}) // A request that finds the entry too old reads again, and gets the error.
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
