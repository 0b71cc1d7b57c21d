import type { OperationName } from '../domains/contracts.ts'
import type { RawRequest } from '../wire/request.ts'
import type { RequestLine } from './request-line.ts'

export interface Traces {
  /** Begins the span of a request, as a child of the sender's span if the request names one. */
  begin(request: RawRequest): RequestSpan
  /** Sends what has not been sent yet. */
  close(): Promise<void>
}

export interface RequestSpan {
  /** Runs work on the store in a span of its own. */
  child<Result>(name: 'read' | 'write', work: () => Promise<Result>): Promise<Result>
  end(line: TracedLine, status: number): void
}

export type TracedLine = RequestLine & { operation?: OperationName }

/** What traces say of the store. */
export type StoreName = 'sqlite' | 'postgresql'
