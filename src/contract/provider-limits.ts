import { z } from 'zod'

/** What an account of a provider may be sent, and what of it is used, by all processes together. */
export const accountLimitsSchema = z.object({
  provider: z.string(),
  model: z.string().nullable().describe('null: the limit is that of all models'),
  simulated: z.boolean(),
  key: z.string().nullable().describe('the beginning of a hash of the key, to tell several apart'),
  limits: z
    .array(
      z.object({
        unit: z.enum(['requests', 'tokens', 'uploads']),
        spanSeconds: z.number().describe('the limit holds in any span of this length'),
        limit: z.number(),
        used: z.number().describe('in the span that ends now, with what was given a turn soon'),
        room: z.number().describe('0 while the account is closed'),
      }),
    )
    .describe('empty: the provider has not told any yet'),
  freeAt: z.iso.datetime().nullable().describe('when one more request could be sent; null: now'),
  closedUntil: z.iso
    .datetime()
    .nullable()
    .describe('until when nothing is sent, since the provider said that it gets too much'),
  atOnce: z
    .object({ underWay: z.int(), most: z.int(), waiting: z.int() })
    .nullable()
    .describe('requests of the process that answers; `most` follows from how they fare'),
})
export type AccountLimits = z.infer<typeof accountLimitsSchema>
export const providerLimitsSchema = z.object({
  accounts: z.array(accountLimitsSchema).describe('those that were used within a day'),
})
