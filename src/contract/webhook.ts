import { z } from 'zod'

/** Why a delivery was refused. `off`: the server has no secret to check it with. */
export const refusalReasons = ['unsigned', 'badly_signed', 'malformed', 'too_large', 'off'] as const
export type RefusalReason = (typeof refusalReasons)[number]

export const webhookStatusSchema = z.object({
  provider: z.string(),
  url: z.string().nullable().describe('where the provider sends to; null without SLUICE_PUBLIC_URL'),
  secretCount: z.int(),
  lastEvent: z.object({ eventType: z.string(), receivedAt: z.iso.datetime() }).nullable(),
  refused: z
    .array(
      z.object({
        reason: z.enum(refusalReasons),
        count: z.int(),
        lastAt: z.iso.datetime(),
        lastAddress: z.string().describe('of the last one; of a proxy, if there is one'),
      }),
    )
    .describe('in the last 24 hours, by reason'),
})
export type WebhookStatus = z.infer<typeof webhookStatusSchema>

export const webhookTestSchema = z.object({
  url: z.string(),
  status: z.int().nullable().describe('what was answered there; null: nothing'),
  milliseconds: z.int().describe('until the answer'),
  arrived: z.boolean().describe('whether the sample came here within 5 seconds'),
  failure: z.string().nullable().describe('why there was no answer'),
})
export type WebhookTest = z.infer<typeof webhookTestSchema>
