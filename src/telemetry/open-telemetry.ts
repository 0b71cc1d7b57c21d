/**
 * Traces by OpenTelemetry's own packages, sent as OTLP over HTTP and configured by the standard variables. Attributes
 * follow the semantic conventions, but leave out paths, queries and addresses because they name people.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  defaultTextMapGetter,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { ServiceError } from '../contract/errors.ts'
import type { HttpBinding } from '../contract/operation.ts'
import { contracts } from '../domains/contracts.ts'
import { type RawRequest, headerValues } from '../wire/request.ts'
import type { OperationLine } from './request-line.ts'
import type { RequestSpan, StoreName, Traces } from './spans.ts'

/** How long an unresponsive collector may delay the shutdown. */
const closeWithinMs = 5_000

export function createTraces(store: StoreName): Traces {
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'belfry' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  const tracer = provider.getTracer('belfry')
  return {
    begin: (request) => beginRequest(tracer, request, store),
    close: () => Promise.race([provider.shutdown().catch(() => {}), sleep(closeWithinMs, undefined, { ref: false })]),
  }
}

const propagator = new W3CTraceContextPropagator()

/** The context of the sender's span, if the request names one. */
function contextOf(request: RawRequest): Context {
  const carrier = { traceparent: headerValues(request, 'traceparent'), tracestate: headerValues(request, 'tracestate') }
  return propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter)
}

function beginRequest(tracer: Tracer, request: RawRequest, store: StoreName): RequestSpan {
  const parent = contextOf(request)
  const attributes = { 'http.request.method': request.method, 'url.scheme': 'http' }
  const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent)
  const context = trace.setSpan(parent, span)
  return {
    child: (name, work) => inSpan(beginChild(tracer, { name, store, context }), work),
    end: (line, status) => endRequest(span, line, status),
  }
}

interface Child {
  name: string
  store: StoreName
  context: Context
}

function beginChild(tracer: Tracer, { name, store, context }: Child): Span {
  const attributes = { 'db.system.name': store, 'db.operation.name': name }
  return tracer.startSpan(`${store} ${name}`, { kind: SpanKind.CLIENT, attributes }, context)
}

async function inSpan<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    noteFailure(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** A refusal by an operation is not a failure of the store. */
function noteFailure(span: Span, error: unknown) {
  if (error instanceof ServiceError && error.status < 500) return
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

function endRequest(span: Span, line: OperationLine, status: number) {
  if (line.operation !== undefined) span.updateName(line.operation)
  span.setAttributes(describe(line, status))
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

const describe = ({ requestId, operation, attempt = 1, error }: OperationLine, status: number): Attributes => ({
  'http.response.status_code': status,
  'rpc.system': 'aws-api',
  'rpc.service': 'Chime',
  'aws.request_id': requestId,
  ...(operation !== undefined && { 'rpc.method': operation, 'http.route': routeOf(contracts[operation].binding) }),
  ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
  ...(error !== undefined && { 'rpc.response.status_code': error }),
  ...(error !== undefined && status >= 500 && { 'error.type': error }),
})

const routeOf = ({ segments }: HttpBinding) =>
  `/${segments.map((segment) => (typeof segment === 'string' ? segment : `{${segment.label}}`)).join('/')}`
