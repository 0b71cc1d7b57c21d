/** Tells why a signature was refused: in the log at `debug`, and to the caller where the operator wants that. */
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import { mismatch } from '../identity/authenticate.ts'
import { type Explanation, explainSignature } from '../identity/explanation.ts'
import { withoutValues } from './mask-canonical-request.ts'
import type { Request } from '../wire/request.ts'
import type { Service } from './service.ts'

/** Of a signature or a key; whoever sent none has nothing to be told. */
const explained: ReadonlySet<ErrorName> = new Set([
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'UnrecognizedClientException',
])

/** Whether the refusal is one to explain, and anybody listens. */
export const isToExplain = (error: unknown, { log, explainSignatures }: Service): error is ServiceError =>
  error instanceof ServiceError && explained.has(error.name) && (explainSignatures || log.isLevelEnabled('debug'))

/** Answers the error to tell: the same, or one that says more. Never throws. */
export async function explainRefusal(refusal: ServiceError, request: Request, service: Service): Promise<ServiceError> {
  const explanation = await explain(request, service).catch(() => undefined)
  if (!explanation) return refusal
  logExplanation(service.log, request.id, refusal, explanation)
  const isToTell = service.explainSignatures && refusal.message === mismatch
  return isToTell ? new ServiceError(refusal.name, describe(explanation)) : refusal
}

const explain = (request: Request, { authenticator, clock, settings }: Service) =>
  explainSignature(request, clock(), authenticator, hostsOf(settings.publicUrl))

const hostsOf = (publicUrl: string) => (URL.canParse(publicUrl) ? [new URL(publicUrl).host] : [])

/** What the caller sent is left out: paths and queries name people. */
function logExplanation(log: Service['log'], requestId: string, { name }: ServiceError, told: Explanation) {
  const { clockOffsetSeconds, canonicalRequest, stringToSign, findings } = told
  const canonical = withoutValues(canonicalRequest)
  log.debug(
    { requestId, error: name, clockOffsetSeconds, canonicalRequest: canonical, stringToSign, findings },
    'signature refused',
  )
}

/** In the words of AWS [observed in public], and a few more. */
const describe = ({ canonicalRequest, stringToSign, findings, clockOffsetSeconds }: Explanation) =>
  [
    mismatch,
    `The Canonical String for this request should have been\n'${canonicalRequest}'`,
    `The String-to-Sign should have been\n'${stringToSign}'`,
    [...findings, `The time that was signed is ${clockOffsetSeconds} s ahead of the server's.`].join(' '),
  ].join('\n\n')
