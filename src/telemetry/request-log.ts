/** What the log says of a request. There is no other way for one to get there, so nothing else of it can. */
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import type { OperationName } from '../domains/contracts.ts'
import { type RawRequest, headerValues } from '../wire/request.ts'
import type { Log } from './log.ts'

export interface RequestLine {
  requestId: string
  /** Which try of the client's it is, where the client says so. */
  attempt?: number | undefined
  principal?: string
  operation?: OperationName | 'PostIncomingWebhook'
  error?: ErrorName
}

/** Writes the one line of a request that was answered; one that failed for a fault of ours stands out. */
export function logRequest(log: Log, line: RequestLine, status: number, ms: number): void {
  const { requestId, attempt, principal, operation, error } = line
  const shown = { requestId, operation, principal, attempt, error, status, ms: Math.round(ms) }
  if (status >= 500) log.error(shown, 'request')
  else log.info(shown, 'request')
}

/** Writes what is behind an error that is answered without a word about it. Answers the name it is answered by. */
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
