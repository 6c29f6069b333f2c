import { z } from 'zod'
import { roleSchema, tenantIdSchema } from './api-key.ts'

/** Whom an API key stands for. */
export const callerSchema = z.object({
  tenantId: tenantIdSchema,
  role: roleSchema,
  keyId: z.uuid().nullable().describe('null: a key that lives as long as the server process'),
})
