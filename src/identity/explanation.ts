/** Why a signature was refused, as far as this end can tell. Asked only where somebody wants to know. */
import { constantTimeEqual, sha256 } from '../primitives/digest.ts'
import type { Authenticator } from './authenticate.ts'
import { canonicalRequest, stringToSign } from './canonical.ts'
import { type RawRequest, headerValues } from '../wire/request.ts'
import { type Signed, readSignature } from './signature.ts'
import { listVariants } from './variants.ts'

export interface Explanation {
  accessKeyId: string
  /** How far the time that was signed is ahead of the server's. */
  clockOffsetSeconds: number
  /** With the session token masked. It holds what the caller sent, so it is for the caller alone. */
  canonicalRequest: string
  stringToSign: string
  /** Sentences. Never what the signature should have been. */
  findings: string[]
}

/**
 * Undefined for a request whose credentials cannot be read; the error says already what is wrong with them.
 * @param ownHosts under which names this server is known
 */
export async function explainSignature(
  request: RawRequest,
  now: Date,
  using: Authenticator,
  ownHosts: readonly string[],
): Promise<Explanation | undefined> {
  const signed = findSigned(request, now)
  if (!signed) return undefined
  const canonical = canonicalRequest(request, signed.signedHeaders)
  return {
    accessKeyId: signed.accessKeyId,
    clockOffsetSeconds: Math.round((toMillis(signed.time) - now.getTime()) / 1000),
    canonicalRequest: maskToken(canonical),
    stringToSign: stringToSign(signed.time, signed.scope, canonical),
    findings: await find(request, signed, canonical, using, ownHosts),
  }
}

/** Whatever the time and the region are. */
function findSigned(request: RawRequest, now: Date): Signed | undefined {
  try {
    return readSignature(request, now, { regions: ['*'], clockSkewMs: Infinity })
  } catch {
    return undefined
  }
}

const toMillis = (time: string) =>
  Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

const maskToken = (canonical: string) =>
  canonical.replace(/^x-amz-security-token:.*$/m, 'x-amz-security-token:***').replace(tokenInQuery, '$1***')
const tokenInQuery = /((?:^|&)X-Amz-Security-Token=)[^&\n]*/m

async function find(
  request: RawRequest,
  signed: Signed,
  canonical: string,
  { keyring, signingKeyOf, signatures }: Authenticator,
  ownHosts: readonly string[],
): Promise<string[]> {
  const known = await keyring(signed.accessKeyId)
  if (!known) return ['The access key is not known here.']
  const { regions } = signatures
  const region = signed.scope.split('/')[1] ?? ''
  if (!regions.includes('*') && !regions.includes(region)) return ['The region is none of BELFRY_REGIONS.']
  const sign = signingKeyOf(known.key, signed.scope)
  const fits = (text: string) =>
    constantTimeEqual(signed.signature, sign(stringToSign(signed.time, signed.scope, text)))
  if (fits(canonical)) return explainMatch(request)
  const variant = listVariants(request, signed, canonical, ownHosts).find(({ text }) => fits(text))
  return [variant?.finding ?? nothingFits]
}

/** The signature is right, and was refused all the same. */
function explainMatch(request: RawRequest): string[] {
  const isDeclared = headerValues(request, 'x-amz-content-sha256').every((hash) => hash === sha256(request.body))
  if (!isDeclared) return ['The body is not the one that x-amz-content-sha256 declares: it was changed on the way.']
  return ['The signature fits; the time, the session token or the state of the key was refused.']
}

const nothingFits =
  'No single part explains it: the secret access key is another one, or more than one part was changed on the way. Compare with what the client signed.'
