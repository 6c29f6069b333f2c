import { z } from 'zod'

/** `budget_threshold` and `budget_exhausted`: once for each window; `call_overrun`, `call_in_doubt`, `call_stuck`: once for each call; `vector_drift`: once for each space and day. */
export const alertKinds = [
  'budget_threshold',
  'budget_exhausted',
  'call_overrun',
  'call_in_doubt',
  'call_stuck',
  'provider_stopped',
  'vector_drift',
] as const
export type AlertKind = (typeof alertKinds)[number]

export const alertSchema = z.object({
  at: z.iso.datetime(),
  tenantId: z.string().describe('* for what all tenants share'),
  kind: z.enum(alertKinds),
  subject: z.string(),
  details: z.record(z.string(), z.json()),
})
export type Alert = z.infer<typeof alertSchema>

export const alertListSchema = z.object({ alerts: z.array(alertSchema) })
export const alertQuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) })
