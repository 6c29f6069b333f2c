import { hash } from 'node:crypto'
import type { z } from 'zod'
import { type Answer, refuse, refuseFields } from './simulator-answer.ts'
import { parseJson, readJson } from './simulator-body.ts'
import { readForm, readSentFile } from './simulator-files.ts'
import type { SourceFile } from './simulator-job.ts'
import { createSchema, type ParseRequest, uploadSchema } from './simulator-request.ts'
import { toConfigurationFault, toFieldFaults } from './simulator-validation.ts'
import { refuseWebhookUrl } from './simulator-webhook-address.ts'
import { toTarget, type WebhookTarget } from './simulator-webhook-schema.ts'

export interface Order {
  request: ParseRequest
  /** The file's name where it is known already. */
  name: string | null
  load(): Promise<SourceFile>
  webhooks: WebhookTarget[]
}

export interface OrderDesk {
  findFile(id: string): SourceFile | null
  findWebhook(id: string): WebhookTarget | null
  fetchSource: ((url: string) => Promise<Response>) | undefined
  allowsPrivateWebhooks: boolean
}

/**
 * POST /api/v2/parse/upload: a form of `configuration` (JSON) and `file`. Faults of the configuration are a 400 with one text, unlike those of
 * POST /api/v2/parse (users report it so).
 */
export async function readUpload(request: Request, desk: OrderDesk): Promise<Order | Answer> {
  const form = await readForm(request)
  const configuration = form?.get('configuration')
  if (typeof configuration !== 'string')
    return refuseFields([{ type: 'missing', loc: ['body', 'configuration'], msg: 'Field required', input: null }])
  const sent = parseJson(configuration)
  if (sent === undefined) return refuse(400, 'Invalid configuration: it is not valid JSON')
  const parsed = uploadSchema.safeParse(sent)
  if (!parsed.success) return refuse(400, toConfigurationFault(toFieldFaults(parsed.error, sent, [])))
  const file = await readSentFile(form as FormData)
  if ('status' in file) return file
  const webhooks = findWebhooks(parsed.data, desk)
  if ('status' in webhooks) return webhooks
  return { request: parsed.data, name: file.name, load: async () => file, webhooks }
}

/** POST /api/v2/parse: JSON with a `file_id` or a `source_url`, which needs somebody to fetch it. */
export async function readCreate(request: Request, desk: OrderDesk): Promise<Order | Answer> {
  const sent = await readJson(request)
  if ('status' in sent) return sent
  const parsed = createSchema.safeParse(sent.value)
  if (!parsed.success) return refuseFields(toFieldFaults(parsed.error, sent.value, ['body']))
  const webhooks = findWebhooks(parsed.data, desk)
  if ('status' in webhooks) return webhooks
  const source = findSource(parsed.data, desk)
  return 'status' in source ? source : { request: parsed.data, ...source, webhooks }
}

type Source = Pick<Order, 'name' | 'load'>

function findSource(request: z.infer<typeof createSchema>, desk: OrderDesk): Source | Answer {
  const { file_id: fileId, source_url: url } = request
  if (fileId) {
    const file = desk.findFile(fileId)
    return file ? { name: file.name, load: async () => file } : refuse(404, 'File not found')
  }
  const { fetchSource } = desk
  if (!url || !fetchSource)
    return refuse(400, 'This simulator is offline and fetches no source_url. Upload the file, or name a file_id.')
  const name = new URL(url).pathname.split('/').at(-1) || 'document'
  return {
    name,
    async load() {
      const response = await fetchSource(url)
      if (!response.ok) throw new Error(`source_url was answered with HTTP ${response.status}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      return { name, bytes, sha256: hash('sha256', bytes, 'hex') }
    },
  }
}

function findWebhooks(request: ParseRequest, desk: OrderDesk): WebhookTarget[] | Answer {
  const { webhook_configurations: inline = [], webhook_configuration_ids: ids } = request
  if (request.configuration_id) return refuse(404, 'Parse configuration not found')
  const targets = inline.map(toTarget)
  for (const [place, target] of targets.entries()) {
    const fault = target === null ? null : refuseWebhookUrl(target.url, desk.allowsPrivateWebhooks)
    if (fault === null) continue
    const loc = ['body', 'webhook_configurations', place, 'webhook_url']
    return refuseFields([{ type: 'value_error', loc, msg: `Value error, ${fault}`, input: target?.url }])
  }
  const stored = (ids ?? []).map(id => desk.findWebhook(id))
  if (stored.includes(null)) return refuse(404, 'Webhook configuration not found')
  return [...targets, ...stored].filter(target => target !== null)
}
