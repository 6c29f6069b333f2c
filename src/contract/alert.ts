import { z } from 'zod'
import { alertKinds, severities } from './alert-kind.ts'
import { tenantShape } from './tenant.ts'

export const alertSchema = z.object({
  alertId: z.uuid(),
  at: z.iso.datetime(),
  tenantId: z.string().describe('* for what all tenants share'),
  kind: z.enum(alertKinds),
  severity: z.enum(severities),
  subject: z.string(),
  details: z.record(z.string(), z.json()),
  lasts: z.boolean().describe('false: told once, for a moment'),
  recoveredAt: z.iso.datetime().nullable().describe('when it was over; null while it lasts, and for a moment'),
})
export type Alert = z.infer<typeof alertSchema>

export const alertListSchema = z.object({ alerts: z.array(alertSchema) })
export const alertQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  ...tenantShape,
  open: z.stringbool().default(false).describe('only those that last and are not over'),
})
