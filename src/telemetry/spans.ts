import type { RawRequest } from '../wire/request.ts'
import type { OperationLine } from './request-line.ts'

export interface Traces {
  /** Begins the span of a request, as a child of the sender's span if the request names one. */
  begin(request: RawRequest): RequestSpan
  /** Sends what has not been sent yet. */
  close(): Promise<void>
}

export interface RequestSpan {
  /** Runs work on the store in a span of its own. */
  child<Result>(name: 'read' | 'write', work: () => Promise<Result>): Promise<Result>
  end(line: OperationLine, status: number): void
}

/** What traces say of the store. */
export type StoreName = 'sqlite' | 'postgresql'
