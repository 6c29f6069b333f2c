import {
  type Attributes,
  DiagLogLevel,
  diag,
  SpanKind as Kind,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { readTraceparent, writeTraceparent } from '../contract/trace-context.ts'
import type { SpanFacts, Tracing } from './tracing.ts'

export interface OpenTelemetryOptions {
  /** The collector, as far as before `/v1/traces`. */
  endpoint: string
  headers: Readonly<Record<string, string>>
  serviceName: string
  version: string
  onError(message: string): void
}

const kinds = { server: Kind.SERVER, client: Kind.CLIENT, consumer: Kind.CONSUMER } as const

/** Sends traces over OTLP/HTTP, many spans at once. Loaded only where traces are wanted: the libraries take time and memory. */
export function createOpenTelemetry({ endpoint, headers, onError, ...service }: OpenTelemetryOptions): Tracing {
  const tell = (message: string) => onError(message)
  diag.setLogger({ error: tell, warn: tell, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN)
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers: { ...headers } })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service.serviceName,
      'service.version': service.version,
      'process.pid': process.pid,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('sluice', service.version)
  return {
    begin(name, kind, parent, facts) {
      const above = readTraceparent(parent)
      const context = above
        ? trace.setSpanContext(ROOT_CONTEXT, {
            traceId: above.traceId,
            spanId: above.spanId,
            traceFlags: above.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
            isRemote: true,
          })
        : ROOT_CONTEXT
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes: toAttributes(facts) }, context)
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        traceparent: writeTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }),
        end(more = {}, failure) {
          span.setAttributes(toAttributes(more))
          if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
          span.end()
        },
      }
    },
    close: () => provider.shutdown(),
  }
}

function toAttributes(facts: SpanFacts): Attributes {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? [...value] : (value as string)]],
    ),
  )
}
