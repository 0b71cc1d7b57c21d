import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ServiceError } from '../contract/errors.ts'

/** Counts the requests of each access key. Throws `ThrottledClientException` for one too many in a second. */
export type RateLimit = (accessKeyId: string, requestsPerSecond: number) => Promise<void>

/** Limits of 0 are no limits. */
export function createRateLimit(): RateLimit {
  const limiters = new Map<number, RateLimiterMemory>()
  return async (accessKeyId, requestsPerSecond) => {
    if (requestsPerSecond === 0) return
    const limiter = limiters.get(requestsPerSecond) ?? new RateLimiterMemory({ points: requestsPerSecond, duration: 1 })
    limiters.set(requestsPerSecond, limiter)
    await limiter.consume(accessKeyId).catch(throttle)
  }
}

function throttle(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw reason
  const retryAfter = Math.max(1, Math.ceil(reason.msBeforeNext / 1000))
  throw new ServiceError('ThrottledClientException', 'Rate exceeded', { retryAfter })
}
