import { type Signer, createSigner, signingKey } from './canonical.ts'
import type { Sealer } from './sealing.ts'
import type { AccessKey } from '../domains/access-keys/store.ts'

/** The signer of an access key for a scope, kept because it stays the same for a whole day. */
export type SigningKeys = (key: AccessKey, scope: string) => Signer

const keptAtMost = 1000

export function createSigningKeys(sealer: Sealer): SigningKeys {
  const kept = new Map<string, Signer>()
  return ({ access_key_id, sealed_secret }, scope) => {
    // A new secret has another sealed text, so an outdated entry is never found again.
    const name = `${sealed_secret} ${scope}`
    const found = kept.get(name)
    if (found) return found
    const derived = createSigner(signingKey(sealer.unseal(access_key_id, sealed_secret), scope))
    if (kept.size >= keptAtMost) kept.clear()
    kept.set(name, derived)
    return derived
  }
}
