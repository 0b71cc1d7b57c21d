/** Traces of requests. OpenTelemetry is loaded only if they are switched on. */
import type { StoreName, Traces } from './spans.ts'

/** Undefined unless the standard variables of OpenTelemetry tell where traces go. */
export async function openTraces(environment: NodeJS.ProcessEnv, store: StoreName): Promise<Traces | undefined> {
  if (!isWanted(environment)) return undefined
  const { createTraces } = await import('./open-telemetry.ts')
  return createTraces(store)
}

/** By the specification of these variables an empty one is unset, and `none` is an exporter. [documented] */
function isWanted(environment: NodeJS.ProcessEnv): boolean {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } =
    environment
  if (OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  if (OTEL_TRACES_EXPORTER) return OTEL_TRACES_EXPORTER.split(',').some((name) => name.trim() === 'otlp')
  return Boolean(OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
}
