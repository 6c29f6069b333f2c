import { type Answer, answerWith, refuse } from './simulator-answer.ts'
import { refuseUnpaid } from './simulator-apply-fault.ts'
import { createBilling } from './simulator-billing.ts'
import { type Call, isCreating } from './simulator-calls.ts'
import type { LlamaCloudCounters } from './simulator-counters.ts'
import { readCreate, readUpload } from './simulator-create-job.ts'
import { createDownloads } from './simulator-downloads.ts'
import type { ReadyFault } from './simulator-faults.ts'
import { createFileStore } from './simulator-files.ts'
import type { SeededChance } from './simulator-identity.ts'
import { viewJob } from './simulator-job.ts'
import { createJobStore } from './simulator-jobs.ts'
import type { Settings } from './simulator-options.ts'
import { createUploadLimit } from './simulator-rate-limit.ts'
import { contentOf } from './simulator-result.ts'
import { listVersions } from './simulator-versions.ts'
import { createWebhookStore } from './simulator-webhook-configs.ts'
import { createWorker } from './simulator-worker.ts'

/** A recognized request: the how-manieth of its kind it is, and the faults that hit what it brings about. */
export interface Incoming {
  call: Call
  ordinal: number
  request: Request
  faults: readonly ReadyFault[]
}

/** What the service keeps and does, whatever becomes of its answers. */
export function createService(settings: Settings, counters: LlamaCloudCounters, chance: SeededChance) {
  const { now, billingDelayMs, allowsPrivateWebhooks } = settings
  const projectId = `prj-${chance.uuid('project')}`
  const limitUpload = createUploadLimit(settings.uploadLimit)
  const billing = createBilling(settings, counters)
  const worker = createWorker(settings, billing, counters, chance)
  const [jobs, files, webhooks] = [createJobStore(), createFileStore(), createWebhookStore()]
  const downloads = createDownloads(chance, path => {
    const [kind, id = '', name = ''] = path.split('/')
    if (kind === 'files') return files.find(id)?.bytes ?? null
    const job = jobs.find(id)
    return job ? contentOf(job, name) : null
  })
  const { fetchSource } = settings
  const orders = { findFile: files.find, findWebhook: webhooks.find, fetchSource, allowsPrivateWebhooks }

  async function create({ call, ordinal, request, faults }: Incoming): Promise<Answer> {
    const limited = limitUpload(now())
    if (limited) return limited
    const order = call.name === 'upload' ? await readUpload(request, orders) : await readCreate(request, orders)
    if ('status' in order) return order
    if (!billing.hasCredits()) return refuseUnpaid()
    const job = jobs.add(order, faults, `pjb-${chance.uuid(call.name, ordinal)}`, now())
    counters.jobs++
    worker.start(job, order.load)
    return answerWith(viewJob(job, projectId, null))
  }

  async function answer(incoming: Incoming): Promise<Answer> {
    const { call, ordinal, request } = incoming
    const { origin, searchParams } = new URL(request.url)
    if (call.name === 'download') return downloads.answer(call.id, searchParams, now())
    const refusal = refuseKey(request, settings.apiKey)
    if (refusal) return refusal
    const nextId = () => chance.uuid(call.name, ordinal)
    const link = (path: string, expiresAt = new Date(now().getTime() + 3_600_000)) =>
      downloads.link(origin, path, expiresAt)
    const desk = { projectId, billingDelayMs, allowsPrivate: allowsPrivateWebhooks, now, nextId, link }
    if (isCreating(call.name)) return create(incoming)
    if (call.name === 'versions') return answerWith(listVersions())
    if (call.name === 'usage_metrics') return billing.answerMetrics(request)
    if (call.name.startsWith('file_')) return files.answer(call, request, desk)
    if (call.name.startsWith('webhook_')) return webhooks.answer(call, request, desk)
    return jobs.answer(call, searchParams, { ...desk, announce: worker.announce, charge: billing.charge })
  }

  return { answer, idle: worker.idle, close: worker.close }
}

function refuseKey(request: Request, apiKey: string | undefined): Answer | null {
  const key = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  const isRight = key !== undefined && (apiKey === undefined || key === apiKey)
  return isRight ? null : refuse(401, 'Invalid authentication token')
}
