import type { z } from 'zod'
import { type Answer, answerWith, nothing, refuse, refuseFields } from './simulator-answer.ts'
import { readJson } from './simulator-body.ts'
import type { Call } from './simulator-calls.ts'
import { toFieldFaults } from './simulator-validation.ts'
import { refuseWebhookUrl } from './simulator-webhook-address.ts'
import {
  storedWebhookChangeSchema,
  storedWebhookSchema,
  toTarget,
  type WebhookTarget,
} from './simulator-webhook-schema.ts'

interface StoredWebhook extends z.infer<typeof storedWebhookSchema> {
  id: string
  createdAt: Date
  updatedAt: Date
}

export interface WebhookDesk {
  projectId: string
  allowsPrivate: boolean
  now(): Date
  nextId(): string
}

export interface WebhookStore {
  find(id: string): WebhookTarget | null
  answer(call: Call, request: Request, desk: WebhookDesk): Promise<Answer>
}

/** /api/v1/beta/webhook-configs: create, list (newest first), get, change and delete. The secret is never shown. */
export function createWebhookStore(): WebhookStore {
  const stored = new Map<string, StoredWebhook>()
  return {
    find(id) {
      const webhook = stored.get(id)
      return webhook ? toTarget(webhook) : null
    },
    async answer(call, request, desk) {
      const view = (webhook: StoredWebhook) => viewWebhook(webhook, desk)
      if (call.name === 'webhook_list') return answerWith([...stored.values()].reverse().map(view))
      if (call.name === 'webhook_create') {
        const fields = await readFields(request, storedWebhookSchema, desk)
        if ('status' in fields) return fields
        const webhook = { ...fields, id: `whc-${desk.nextId()}`, createdAt: desk.now(), updatedAt: desk.now() }
        stored.set(webhook.id, webhook)
        return answerWith(view(webhook), 201)
      }
      const webhook = stored.get(call.id)
      if (!webhook) return refuse(404, 'Webhook configuration not found')
      if (call.name === 'webhook_get') return answerWith(view(webhook))
      if (call.name === 'webhook_update') {
        const change = await readFields(request, storedWebhookChangeSchema, desk)
        if ('status' in change) return change
        Object.assign(webhook, change, { updatedAt: desk.now() })
        return answerWith(view(webhook))
      }
      stored.delete(call.id)
      return nothing
    },
  }
}

async function readFields<Fields extends { webhook_url?: string | undefined }>(
  request: Request,
  schema: z.ZodType<Fields>,
  desk: WebhookDesk,
): Promise<Fields | Answer> {
  const sent = await readJson(request)
  if ('status' in sent) return sent
  const parsed = schema.safeParse(sent.value)
  if (!parsed.success) return refuseFields(toFieldFaults(parsed.error, sent.value, ['body']))
  const { webhook_url: url } = parsed.data
  const fault = url === undefined ? null : refuseWebhookUrl(url, desk.allowsPrivate)
  if (fault === null) return parsed.data
  return refuseFields([{ type: 'value_error', loc: ['body', 'webhook_url'], msg: `Value error, ${fault}`, input: url }])
}

function viewWebhook(webhook: StoredWebhook, { projectId }: WebhookDesk) {
  return {
    id: webhook.id,
    has_secret: Boolean(webhook.webhook_signing_secret),
    tenant_id: projectId,
    tenant_type: 'project',
    webhook_url: webhook.webhook_url,
    created_at: webhook.createdAt.toISOString(),
    updated_at: webhook.updatedAt.toISOString(),
    webhook_events: webhook.webhook_events ?? null,
    webhook_headers: webhook.webhook_headers ?? null,
    webhook_output_format: webhook.webhook_output_format ?? 'string',
  }
}
