import { z } from 'zod'
import { count, list, setting, text } from './setting.ts'

/** What others see of this process. docs/monitoring.md is for the user. */
export const monitoringSettings = {
  metrics: setting(
    'SLUICE_METRICS',
    'key',
    'Who may read /metrics: `key`, with SLUICE_METRICS_KEY or an admin key; `open`, everybody who reaches the port; `off`, nobody.',
    z.enum(['key', 'open', 'off']),
  ),
  metricsKey: setting(
    'SLUICE_METRICS_KEY',
    '',
    'A key that can do nothing but read /metrics. Empty: only admin keys can.',
    text,
    true,
  ),
  metricsTenants: setting(
    'SLUICE_METRICS_TENANTS',
    '0',
    'How many tenants are named in /metrics, the first ones; all others are `other`. At most 100.',
    count.refine(n => n <= 100, 'at most 100'),
  ),
  otlpEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    '',
    'An OpenTelemetry collector that traces are sent to over OTLP/HTTP, e.g. http://127.0.0.1:4318. Empty: none.',
    text,
  ),
  otlpHeaders: setting(
    'OTEL_EXPORTER_OTLP_HEADERS',
    '',
    'What it wants to be sent besides, e.g. `authorization=Bearer%20…`; several with commas between them.',
    list.transform(pairs => Object.fromEntries(pairs.map(readPair))),
    true,
  ),
  otelServiceName: setting('OTEL_SERVICE_NAME', 'sluice', 'The name of this service in traces.', text),
  traceProviders: setting(
    'SLUICE_TRACE_PROVIDERS',
    '',
    'Providers that are told, in the header `traceparent`, to which trace a request belongs, e.g. `vllm,llamaparse`: those that are your own. Empty: none.',
    list,
  ),
} as const

/** As the standard writes them: `name=value`, percent-encoded. */
function readPair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at < 0 ? undefined : at).trim(), at < 0 ? '' : decodeURIComponent(pair.slice(at + 1).trim())]
}
