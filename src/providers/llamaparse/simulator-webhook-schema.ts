import { z } from 'zod'

export const parseEvents = [
  'parse.pending',
  'parse.running',
  'parse.success',
  'parse.error',
  'parse.partial_success',
  'parse.cancelled',
] as const
export type ParseEvent = (typeof parseEvents)[number]

const outputFormat = z.enum(['string', 'json']).nullish()

/** One of a request's `webhook_configurations`. Names of other events are let pass, as the SDK's type does; they never happen. */
export const inlineWebhookSchema = z.strictObject({
  webhook_url: z.string().nullish(),
  webhook_events: z.array(z.string()).nullish(),
  webhook_headers: z.record(z.string(), z.unknown()).nullish(),
  webhook_output_format: outputFormat,
  webhook_signing_secret: z.string().nullish(),
})

const storedFields = z.strictObject({
  webhook_url: z.string(),
  webhook_events: z.array(z.string()).min(1).nullish(),
  webhook_headers: z.record(z.string(), z.string()).nullish(),
  webhook_output_format: outputFormat,
  webhook_signing_secret: z.string().nullish(),
})

/** The bodies of POST and of PUT /api/v1/beta/webhook-configs. An empty list of events is refused (documented in the SDK). */
export const storedWebhookSchema = storedFields
export const storedWebhookChangeSchema = storedFields.partial()

/** Where the events of a job go, and how; `events` is null for all of them. */
export interface WebhookTarget {
  url: string
  events: readonly string[] | null
  headers: Record<string, string>
  outputFormat: 'string' | 'json'
  signingSecret: string | null
}

/** A configuration as a target; null for an inline one without an address, which is nowhere to send to. */
export function toTarget(configuration: z.infer<typeof inlineWebhookSchema>): WebhookTarget | null {
  const { webhook_url: url, webhook_events: events, webhook_headers: headers } = configuration
  if (!url) return null
  return {
    url,
    events: events ?? null,
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
    outputFormat: configuration.webhook_output_format ?? 'string',
    signingSecret: configuration.webhook_signing_secret || null,
  }
}
