import { z } from 'zod'

export const tenantIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, - and _, at most 63')
export const roleSchema = z.enum(['member', 'admin'])

/** A key without its secret. An admin key may also manage the keys of all tenants; its data are its own tenant's. */
export const apiKeySchema = z.object({
  keyId: z.uuid(),
  tenantId: tenantIdSchema,
  name: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
})
export type ApiKey = z.infer<typeof apiKeySchema>

export const newApiKeySchema = z.object({
  tenantId: tenantIdSchema.default('default'),
  name: z.string().trim().min(1).max(100),
  role: roleSchema.default('member'),
})

export const createdApiKeySchema = apiKeySchema.extend({ secret: z.string().describe('shown only this once') })
