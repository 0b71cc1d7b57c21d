import { type Signer, createSigner, signingKey } from './canonical.ts'
import type { Sealer } from './sealing.ts'
import type { AccessKey } from '../domains/access-keys/store.ts'

/** Signs with the signing key of an access key for a scope: it is the same for a whole day, so it is kept. */
export type SigningKeys = (key: AccessKey, scope: string) => Signer

const keptAtMost = 1000

export function createSigningKeys(sealer: Sealer): SigningKeys {
  const kept = new Map<string, Signer>()
  return ({ access_key_id, sealed_secret }, scope) => {
    // A key whose secret changed has another sealed text, so an old entry is never found again.
    const name = `${sealed_secret} ${scope}`
    const found = kept.get(name)
    if (found) return found
    const derived = createSigner(signingKey(sealer.unseal(access_key_id, sealed_secret), scope))
    if (kept.size >= keptAtMost) kept.clear()
    kept.set(name, derived)
    return derived
  }
}
