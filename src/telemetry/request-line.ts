import type { ErrorName } from '../contract/errors.ts'
import type { OperationName } from '../domains/contracts.ts'

/** All that the log and traces may say of a request. */
export interface RequestLine {
  requestId: string
  /** The client's count of its tries, if it sends one. */
  attempt?: number | undefined
  principal?: string
  operation?: OperationName | 'PostIncomingWebhook'
  error?: ErrorName
}

/** The line of a request for an operation of the API. */
export type OperationLine = RequestLine & { operation?: OperationName }
