/** Traces of requests, for those who collect them: without them nothing of this is loaded. */
import type { OperationName } from '../domains/contracts.ts'
import type { RawRequest } from '../wire/request.ts'
import type { RequestLine } from './request-log.ts'

export interface Traces {
  /** Begins the span of a request, below that of whoever sent it. */
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

/** Undefined unless the standard variables of OpenTelemetry tell where traces go. */
export async function openTraces(environment: NodeJS.ProcessEnv, store: StoreName): Promise<Traces | undefined> {
  if (!isWanted(environment)) return undefined
  const { createTraces } = await import('./open-telemetry.ts')
  return createTraces(store)
}

/** As the specification of these variables has it: an empty one is none, and `none` is an exporter. [documented] */
function isWanted(environment: NodeJS.ProcessEnv): boolean {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } =
    environment
  if (OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  if (OTEL_TRACES_EXPORTER) return OTEL_TRACES_EXPORTER.split(',').some((name) => name.trim() === 'otlp')
  return Boolean(OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
}
