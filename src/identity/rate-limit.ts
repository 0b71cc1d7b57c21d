import { TokenBucket } from 'limiter'
import { ServiceError } from '../contract/errors.ts'

/** Requests a second of each kind; 0 for no limit. */
export interface Rates {
  read: number
  write: number
}

/**
 * Takes a token from the bucket of a key, of which it has one for reads and one for writes. A bucket holds the requests
 * of one second. Throws `ThrottledClientException` if it is empty.
 */
export type RateLimit = (accessKeyId: string, rates: Rates, kind: keyof Rates) => void

const keptAtMost = 20_000

export function createRateLimit(): RateLimit {
  const buckets = new Map<string, TokenBucket>()
  return (accessKeyId, rates, kind) => {
    const perSecond = rates[kind]
    if (perSecond === 0) return
    const name = `${accessKeyId} ${kind} ${perSecond}`
    const bucket = buckets.get(name) ?? fill(perSecond)
    if (buckets.size >= keptAtMost) buckets.clear()
    buckets.set(name, bucket)
    // The next token is never further away than a second.
    if (!bucket.tryRemoveTokens(1))
      throw new ServiceError('ThrottledClientException', 'Rate exceeded', { retryAfter: 1 })
  }
}

function fill(perSecond: number): TokenBucket {
  const bucket = new TokenBucket({ bucketSize: perSecond, tokensPerInterval: perSecond, interval: 'second' })
  bucket.content = perSecond
  return bucket
}
