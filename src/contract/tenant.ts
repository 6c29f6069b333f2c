import { z } from 'zod'
import { tenantIdSchema } from './api-key.ts'

/** What a query has where an admin key may speak for one other tenant. */
export const tenantShape = {
  tenant: tenantIdSchema.optional().describe('with an admin key: another tenant; else your own'),
}
export const tenantQuerySchema = z.object(tenantShape)

export const tenantListSchema = z.object({
  tenants: z.array(z.object({ tenantId: tenantIdSchema, createdAt: z.iso.datetime() })).describe('by name'),
})
export type TenantList = z.infer<typeof tenantListSchema>
