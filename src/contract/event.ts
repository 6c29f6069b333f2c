import { z } from 'zod'
import { alertKinds } from './alert-kind.ts'
import { deliveryStates } from './alert-receiver.ts'
import { tenantIdSchema } from './api-key.ts'
import { budgetSettingsSchema } from './budget.ts'
import { jobStateSchema, stageSchema } from './job.ts'
import { entryKinds } from './metered-service.ts'
import { nanoUsdSchema } from './money.ts'
import { modeSchema, serviceNames } from './provenance.ts'
import { breakerStates } from './provider-health.ts'

// PostgreSQL writes times inside of JSON with the offset of its own time zone.
const timeSchema = z.iso.datetime({ offset: true })

const dataSchemas = {
  job: z.object({
    versionId: z.uuid(),
    stage: stageSchema,
    state: jobStateSchema,
    reason: z.string().describe('a word of docs/state-machine.md'),
    token: z.int().describe('goes up with each attempt'),
    errorCode: z.string().nullable(),
    wakeAt: timeSchema.nullable(),
    deferralReason: z.string().nullable(),
    budgetId: z.string().nullable().describe('the budget that it waits for'),
  }),
  document: z.object({
    change: z.enum(['created', 'live', 'deleted']).describe('`live`: another version of it is searched now'),
    liveVersionId: z.uuid().nullable(),
  }),
  decision: z.object({
    decisionId: z.uuid(),
    service: z.enum(serviceNames),
    outcome: z.enum(['call', 'wait', 'refuse']),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    mode: modeSchema,
    policy: z.string().nullable(),
    provisional: z.boolean(),
    until: timeSchema.nullable(),
  }),
  ledger: z.object({
    entryId: z.uuid(),
    entry: z.enum(entryKinds),
    service: z.enum(serviceNames),
    provider: z.string(),
    model: z.string(),
    simulated: z.boolean(),
    purpose: z.string(),
    units: z.string(),
    costNanoUsd: nanoUsdSchema,
    shadowNanoUsd: nanoUsdSchema,
    heldNanoUsd: nanoUsdSchema.describe('below 0 where a hold ends: what is held is the sum'),
    heldShadowNanoUsd: nanoUsdSchema,
    avoidedNanoUsd: nanoUsdSchema,
    avoidedShadowNanoUsd: nanoUsdSchema,
  }),
  alert: z.object({
    alertId: z.uuid(),
    change: z.enum(['raised', 'recovered']),
    alert: z.enum(alertKinds),
    subject: z.string(),
    details: z.record(z.string(), z.json()),
  }),
  delivery: z.object({
    deliveryId: z.uuid(),
    receiverId: z.uuid(),
    alertId: z.uuid(),
    event: z.enum(['raised', 'recovered']),
    state: z.enum(deliveryStates),
    attempts: z.int(),
  }),
  audit: z.object({
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.json()),
  }),
  provider: z.object({
    provider: z.string(),
    state: z.enum(breakerStates),
    retryAt: timeSchema.nullable(),
    reason: z.string().nullable(),
  }),
  budget: budgetSettingsSchema.omit({ tenantId: true }).extend({ change: z.enum(['set', 'removed']) }),
  reembedding: z.object({
    reembeddingId: z.uuid(),
    state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
    spaceId: z.string(),
    errorCode: z.string().nullable(),
  }),
}
export type EventKind = keyof typeof dataSchemas

/** Everything that a stream of events tells of. */
export const eventKinds = Object.keys(dataSchemas) as [EventKind, ...EventKind[]]

function eventOf<Kind extends EventKind>(kind: Kind) {
  return z.object({
    eventId: z.string().describe('names the event; to go on behind it, give back the `id` of the stream'),
    at: z.iso.datetime(),
    tenantId: z.string().describe('* for what all tenants share'),
    kind: z.literal(kind),
    jobId: z.uuid().nullable(),
    documentId: z.uuid().nullable(),
    callId: z.uuid().nullable(),
    data: dataSchemas[kind],
  })
}

/** Something that happened: a state that changed, a decision, an entry of the books, an alert. */
export const eventSchema = z.discriminatedUnion('kind', [
  eventOf('job'),
  eventOf('document'),
  eventOf('decision'),
  eventOf('ledger'),
  eventOf('alert'),
  eventOf('delivery'),
  eventOf('audit'),
  eventOf('provider'),
  eventOf('budget'),
  eventOf('reembedding'),
])
export type StreamedEvent = z.infer<typeof eventSchema>

/** `forgotten`: what came in between is not kept any more; `unknown`: the id is not of this database, or of before its crash. */
export const resetReasons = ['forgotten', 'unknown'] as const
export type ResetReason = (typeof resetReasons)[number]

/** Told instead of events that cannot be told any more: whoever shows data has to load it again. Those that come then are complete. */
export const resetSchema = z.object({ reason: z.enum(resetReasons), message: z.string() })

export const eventQuerySchema = z.object({
  kinds: z
    .string()
    .optional()
    .describe(`one or several of ${eventKinds.join(', ')}, separated by commas; all if not given`)
    .transform(readKinds),
  after: z
    .string()
    .max(20_000)
    .optional()
    .describe('the last `id` that was read: the stream goes on behind it; the header Last-Event-ID goes before it'),
  tenant: z
    .union([tenantIdSchema, z.literal('*')])
    .optional()
    .describe('with an admin key: another tenant, or * for all; else your own'),
})

function readKinds(text: string | undefined, context: z.RefinementCtx): EventKind[] | null {
  if (text === undefined || text === '') return null
  const named = [...new Set(text.split(',').map(kind => kind.trim()))]
  const unknown = named.filter(kind => !(eventKinds as string[]).includes(kind))
  if (unknown.length > 0) context.addIssue(`there is no kind ${unknown.join(', ')}; there are ${eventKinds.join(', ')}`)
  return named as EventKind[]
}
