/** Why a signature was refused, as far as the server can tell. Computed only if the log or the caller gets it. */
import type { RawRequest } from '../wire/request.ts'
import { type Authenticator, isBodyAsDeclared, isSignatureOf } from './authenticate.ts'
import { canonicalRequest, parseBasicTime, stringToSign } from './canonical.ts'
import { type Signed, readSignature } from './signature.ts'
import { listVariants } from './variants.ts'

export interface Explanation {
  accessKeyId: string
  /** How far the time that was signed is ahead of the server's. */
  clockOffsetSeconds: number
  /** With the session token masked. It contains values that the caller sent, so only the caller may see it. */
  canonicalRequest: string
  stringToSign: string
  /** Sentences. Never what the signature should have been. */
  findings: string[]
}

/**
 * Undefined if the credentials cannot be read, because the error already says why.
 * @param publicUrl where clients reach this server
 */
export async function explainSignature(
  request: RawRequest,
  now: Date,
  using: Authenticator,
  publicUrl: URL | null,
): Promise<Explanation | undefined> {
  const signed = findSigned(request, now)
  if (!signed) return undefined
  const canonical = canonicalRequest(request, signed.signedHeaders)
  return {
    accessKeyId: signed.accessKeyId,
    clockOffsetSeconds: Math.round((parseBasicTime(signed.time) - now.getTime()) / 1000),
    canonicalRequest: maskToken(canonical),
    stringToSign: stringToSign(signed.time, signed.scope, canonical),
    findings: await listFindings({ request, signed, canonical, publicUrl }, using),
  }
}

/** Reads the credentials, whatever their time and region are. */
function findSigned(request: RawRequest, now: Date): Signed | undefined {
  try {
    return readSignature(request, now, { regions: ['*'], clockSkewMs: Infinity })
  } catch {
    return undefined
  }
}

const maskToken = (canonical: string) =>
  canonical.replace(/^x-amz-security-token:.*$/m, 'x-amz-security-token:***').replace(tokenInQuery, '$1***')
const tokenInQuery = /((?:^|&)X-Amz-Security-Token=)[^&\n]*/m

interface Refused {
  request: RawRequest
  signed: Signed
  /** The canonical request, as it should have been signed. */
  canonical: string
  publicUrl: URL | null
}

async function listFindings({ request, signed, canonical, publicUrl }: Refused, using: Authenticator) {
  const { keyring, signingKeyOf, signatures } = using
  const known = await keyring(signed.accessKeyId)
  if (!known) return ['The access key is not known here.']
  const { regions } = signatures
  const region = signed.scope.split('/')[1] ?? ''
  if (!regions.includes('*') && !regions.includes(region)) return ['The region is none of BELFRY_REGIONS.']
  const sign = signingKeyOf(known.key, signed.scope)
  if (isSignatureOf(canonical, signed, sign)) return explainMatch(request)
  const variants = listVariants(request, signed, canonical, publicUrl)
  const variant = variants.find(({ text }) => isSignatureOf(text, signed, sign))
  return [variant?.finding ?? nothingFits]
}

/** The signature is right, so something else was refused. */
function explainMatch(request: RawRequest): string[] {
  if (!isBodyAsDeclared(request))
    return ['The body is not the one that x-amz-content-sha256 declares: it was changed on the way.']
  return ['The signature fits; the time, the session token or the state of the key was refused.']
}

const nothingFits =
  'No single part explains it: the secret access key is another one, or more than one part was changed on the way. Compare with what the client signed.'
