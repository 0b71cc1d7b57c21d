/** Explains why a signature was refused: in the log at `debug`, and to the caller if the operator allows it. */
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import { mismatch } from '../identity/authenticate.ts'
import { type Explanation, explainSignature } from '../identity/explanation.ts'
import { withoutValues } from './mask-canonical-request.ts'
import type { Request } from '../wire/request.ts'
import type { Service } from './service.ts'

/** Errors about a signature or a key. A request without a signature has nothing to explain. */
const explained: ReadonlySet<ErrorName> = new Set([
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'UnrecognizedClientException',
])

/** Whether the refusal has an explanation, and the log or the caller would get it. */
export const isToExplain = (error: unknown, { log, explainSignatures }: Service): error is ServiceError =>
  error instanceof ServiceError && explained.has(error.name) && (explainSignatures || log.isLevelEnabled('debug'))

/** Returns the error to answer with: the same, or one with the explanation. Never throws. */
export async function explainRefusal(refusal: ServiceError, request: Request, service: Service): Promise<ServiceError> {
  const explanation = await explain(request, service).catch(() => undefined)
  if (!explanation) return refusal
  logExplanation(service.log, request.id, refusal, explanation)
  const isToTell = service.explainSignatures && refusal.message === mismatch
  return isToTell ? new ServiceError(refusal.name, describe(explanation)) : refusal
}

const explain = (request: Request, { authenticator, clock, settings }: Service) =>
  explainSignature(request, clock(), authenticator, URL.parse(settings.publicUrl))

/** Leaves out values that the caller sent, because paths and queries name people. */
function logExplanation(log: Service['log'], requestId: string, { name }: ServiceError, told: Explanation) {
  const { clockOffsetSeconds, canonicalRequest, stringToSign, findings } = told
  const canonical = withoutValues(canonicalRequest)
  log.debug(
    { requestId, error: name, clockOffsetSeconds, canonicalRequest: canonical, stringToSign, findings },
    'signature refused',
  )
}

/** AWS's wording [observed in public], followed by the findings. */
const describe = ({ canonicalRequest, stringToSign, findings, clockOffsetSeconds }: Explanation) =>
  [
    mismatch,
    `The Canonical String for this request should have been\n'${canonicalRequest}'`,
    `The String-to-Sign should have been\n'${stringToSign}'`,
    [...findings, describeClock(clockOffsetSeconds)].join(' '),
  ].join('\n\n')

function describeClock(secondsAhead: number): string {
  if (secondsAhead === 0) return "The time that was signed is the server's."
  const side = secondsAhead > 0 ? 'ahead of' : 'behind'
  return `The time that was signed is ${Math.abs(secondsAhead)} s ${side} the server's.`
}
