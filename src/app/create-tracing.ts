import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { createSilentTracing, type Tracing } from '../tracing/tracing.ts'
import type { Configuration } from './settings.ts'
import { version } from './version.ts'

/** Traces go to the collector that is configured; without one nothing of it is loaded. */
export async function createTracing(configuration: Configuration, log: FastifyBaseLogger): Promise<Tracing> {
  const { otlpEndpoint: endpoint, otlpHeaders: headers, otelServiceName: serviceName } = configuration
  if (endpoint === '') return createSilentTracing(bytes => randomBytes(bytes).toString('hex'))
  const { createOpenTelemetry } = await import('../tracing/open-telemetry.http.ts')
  const onError = (message: string) => log.warn({ detail: message.slice(0, 300) }, 'traces could not be sent')
  return createOpenTelemetry({ endpoint, headers, serviceName, version, onError })
}
