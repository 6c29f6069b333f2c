import { z } from 'zod'
import { alertKinds } from './alert-kind.ts'
import { tenantIdSchema } from './api-key.ts'
import { pageQuerySchema } from './paging.ts'

export const receiverKinds = ['webhook', 'slack', 'email'] as const
export type ReceiverKind = (typeof receiverKinds)[number]

const shape = {
  name: z.string().trim().min(1).max(100),
  alertKinds: z.array(z.enum(alertKinds)).min(1).nullable().default(null).describe('null: all kinds'),
}

export const newReceiverSchema = z.strictObject({
  ...shape,
  tenantId: z
    .union([tenantIdSchema, z.literal('*')])
    .default('*')
    .describe('whose alerts; * for those of all tenants'),
  kind: z.enum(receiverKinds),
  address: z.string().min(3).max(2_000).describe('https address of a webhook or of a Slack channel, or a mail address'),
})
export type NewReceiver = z.output<typeof newReceiverSchema>

export const receiverChangeSchema = z.strictObject({ ...shape, isOn: z.boolean() }).partial()
export type ReceiverChange = z.output<typeof receiverChangeSchema>

export const receiverSchema = z.object({
  ...shape,
  receiverId: z.uuid(),
  tenantId: z.string(),
  kind: z.enum(receiverKinds),
  address: z.string().describe('of a Slack channel its host alone: the rest is a secret'),
  isOn: z.boolean(),
  offReason: z.string().nullable().describe('why it was switched off by itself'),
  createdAt: z.iso.datetime(),
  pending: z.int().describe('deliveries that are still tried'),
  dead: z.int().describe('deliveries that were given up'),
})
export type Receiver = z.output<typeof receiverSchema>
export const receiverListSchema = z.object({
  receivers: z.array(receiverSchema),
  canMail: z.boolean().describe('whether a mail server is configured'),
})

/** The only time that the secret is shown. */
export const createdReceiverSchema = receiverSchema.extend({
  secret: z.string().nullable().describe('what webhooks are signed with, as Standard Webhooks writes it: whsec_…'),
})
export type CreatedReceiver = z.output<typeof createdReceiverSchema>

export const sendResultSchema = z.object({
  ok: z.boolean(),
  status: z.int().nullable().describe('what an HTTP server answered with'),
  failure: z.string().nullable(),
  milliseconds: z.int(),
})
export type SendResult = z.output<typeof sendResultSchema>

export const deliveryStates = ['pending', 'delivered', 'dead'] as const

export const alertDeliverySchema = z.object({
  deliveryId: z.uuid().describe('the `webhook-id`, with `msg_` before it: the same for each attempt'),
  receiverId: z.uuid(),
  receiverName: z.string(),
  alertId: z.uuid(),
  kind: z.enum(alertKinds),
  subject: z.string(),
  event: z.enum(['raised', 'recovered']),
  state: z.enum(deliveryStates),
  attempts: z.int(),
  nextAt: z.iso.datetime().nullable().describe('when it is tried again; null: not'),
  lastStatus: z.int().nullable(),
  lastFailure: z.string().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
})
export type AlertDelivery = z.output<typeof alertDeliverySchema>

export const alertDeliveryQuerySchema = pageQuerySchema.extend({
  state: z.enum(deliveryStates).optional(),
  receiverId: z.uuid().optional(),
})
