/** Log records of requests. Nothing else logs requests, so nothing but a `RequestLine` can get into the log. */
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import { type RawRequest, headerValues } from '../wire/request.ts'
import type { Log } from './log.ts'
import type { RequestLine } from './request-line.ts'

/** Writes the line of a request, as an error if it failed through a fault of the server. */
export function logRequest(log: Log, line: RequestLine, status: number, ms: number): void {
  const { requestId, attempt, principal, operation, error } = line
  const shown = { requestId, operation, principal, attempt, error, status, ms: Math.round(ms) }
  if (status >= 500) log.error(shown, 'request')
  else log.info(shown, 'request')
}

/** Logs the cause of an error, which the answer does not tell. Returns the name of the error in the answer. */
export function logFault(log: Log, requestId: string, thrown: unknown): ErrorName {
  const cause = thrown instanceof ServiceError ? thrown.cause : thrown
  if (cause !== undefined) log.error({ requestId, err: cause }, 'fault')
  return thrown instanceof ServiceError ? thrown.name : 'ServiceFailureException'
}

/** The SDKs of AWS count their tries: `amz-sdk-request: attempt=2; max=3`. */
export function attemptOf(request: RawRequest): number | undefined {
  const [value] = headerValues(request, 'amz-sdk-request')
  const digits = value === undefined ? undefined : /^(?:ttl=\w+; ?)?attempt=(\d{1,3})(?:;|$)/.exec(value)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
