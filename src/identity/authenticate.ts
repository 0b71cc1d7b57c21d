/** Authenticates the caller: verifies the signature of a request with the stored key. */
import { ServiceError } from '../contract/errors.ts'
import type { Caller } from '../domains/operation.ts'
import { constantTimeEqual, isSecretOf, sha256 } from '../primitives/digest.ts'
import { type Signer, canonicalRequest, stringToSign } from './canonical.ts'
import type { Keyring } from './keyring.ts'
import type { Policy } from '../domains/policies/document.ts'
import type { RateLimit, Rates } from './rate-limit.ts'
import { type Signed, type SignaturePolicy, readSignature } from './signature.ts'
import { type RawRequest, headerValues } from '../wire/request.ts'
import type { SigningKeys } from './signing-keys.ts'
import { assertSwitchedOn } from '../domains/access-keys/rules.ts'
import type { AccessKey } from '../domains/access-keys/store.ts'

export interface Identity {
  caller: Caller
  policies: readonly Policy[]
  rates: Rates
  /** The key whose rate limit counts. Sessions share the limit of their issuer. */
  limitedAs: string
  /** Of the signature: `day/region/service/aws4_request` */
  scope: string
}

export interface Authenticator {
  keyring: Keyring
  signingKeyOf: SigningKeys
  signatures: SignaturePolicy
  rateLimit: RateLimit
  /** Records that a key was used. */
  noteUse(accessKeyId: string, at: Date): void
  /** For keys without a limit of their own. */
  rates: Rates
}

/** Throws the errors AWS's front end answers, and `UnauthorizedClientException`. */
export async function authenticate(request: RawRequest, now: Date, using: Authenticator): Promise<Identity> {
  const signed = readSignature(request, now, using.signatures)
  const known = await using.keyring(signed.accessKeyId)
  if (!known) throw unrecognized()
  const { key, caller, policies } = known
  assertSignature(request, signed, key, using.signingKeyOf)
  assertToken(signed.sessionToken, key)
  assertUsable(key, now)
  using.noteUse(key.access_key_id, now)
  const limitedAs = key.issued_by ?? key.access_key_id
  return { caller, policies, rates: ratesOf(key) ?? using.rates, limitedAs, scope: signed.scope }
}

/** A key's own limit applies to reads and to writes separately. */
const ratesOf = ({ requests_per_second: own }: AccessKey): Rates | undefined =>
  own === null ? undefined : { read: own, write: own }

function assertSignature(request: RawRequest, signed: Signed, key: AccessKey, signingKeyOf: SigningKeys) {
  const canonical = canonicalRequest(request, signed.signedHeaders)
  if (isSignatureOf(canonical, signed, signingKeyOf(key, signed.scope)) && isBodyAsDeclared(request)) return
  throw new ServiceError('InvalidSignatureException', mismatch)
}

/** Whether the signature of a request is the one of this canonical request. */
export const isSignatureOf = (canonical: string, { time, scope, signature }: Signed, sign: Signer): boolean =>
  constantTimeEqual(signature, sign(stringToSign(time, scope, canonical)))

export const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/** A declared body hash need not be signed, but it must be true. */
export const isBodyAsDeclared = (request: RawRequest): boolean =>
  headerValues(request, 'x-amz-content-sha256').every((hash) => hash === sha256(request.body))

/** Session keys come with their token, long-term keys without any. */
function assertToken(token: string | undefined, { session_token_hash }: AccessKey) {
  if (session_token_hash === null && token === undefined) return
  const isBoth = session_token_hash !== null && token !== undefined
  if (!isBoth || !isSecretOf(session_token_hash, Buffer.from(token, 'latin1'))) throw unrecognized()
}

function assertUsable(key: AccessKey, now: Date) {
  if (key.expires_at !== null && key.expires_at <= now.toISOString())
    throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired')
  assertSwitchedOn(key)
}

const unrecognized = () =>
  new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.')
