import { type Answer, answerWith, refuse, refuseFields } from './simulator-answer.ts'
import type { Call } from './simulator-calls.ts'
import type { Order } from './simulator-create-job.ts'
import type { ReadyFault } from './simulator-faults.ts'
import { isBilled, isTerminal, jobStatuses, type SimulatedJob, viewJob } from './simulator-job.ts'
import { answerPage, faultOfQuery, valuesOf } from './simulator-paging.ts'
import { readExpand, refuseMarkdown, resultBody } from './simulator-result.ts'
import type { ParseEvent } from './simulator-webhook-schema.ts'

export interface JobsDesk {
  projectId: string
  billingDelayMs: number
  now(): Date
  announce(job: SimulatedJob, event: ParseEvent): void
  charge(job: SimulatedJob, pages: number, credits: number): void
  link(path: string): string
}

export interface JobStore {
  find(id: string): SimulatedJob | null
  add(order: Order, faults: readonly ReadyFault[], id: string, now: Date): SimulatedJob
  all(): SimulatedJob[]
  /** Answers list, get, cancel and delete. */
  answer(call: Call, params: URLSearchParams, desk: JobsDesk): Answer
}

/** The parse jobs and the calls that look at them or end them. */
export function createJobStore(): JobStore {
  const jobs = new Map<string, SimulatedJob>()
  let created = 0
  return {
    find: id => jobs.get(id) ?? null,
    all: () => [...jobs.values()],
    add({ request, name, webhooks }, faults, id, now) {
      const state = {
        status: 'PENDING',
        errorMessage: null,
        createdAt: now,
        updatedAt: now,
        pages: [],
        charge: null,
      } as const
      const stop = new AbortController()
      const job: SimulatedJob = { ...state, id, ordinal: ++created, request, name, webhooks, faults, stop, pages: [] }
      jobs.set(id, job)
      return job
    },
    answer(call, params, desk) {
      if (call.name === 'list') return list([...jobs.values()].reverse(), params, desk)
      const job = jobs.get(call.id)
      if (!job) return refuse(404, 'Parse job not found')
      if (call.name === 'get') return get(job, params, desk)
      if (call.name === 'cancel') return cancel(job, desk)
      // That both are a 400, and their words, are guesses; that they are refused is documented.
      if (!isTerminal(job.status))
        return refuse(400, `Cannot delete a parse job in status ${job.status}. Cancel it first.`)
      jobs.delete(job.id)
      return answerWith({ id: job.id, project_id: desk.projectId })
    },
  }
}

function get(job: SimulatedJob, params: URLSearchParams, desk: JobsDesk): Answer {
  const expand = readExpand(params)
  if ('status' in expand) return expand
  const refusal = refuseMarkdown(job, expand)
  if (refusal) return refusal
  const credits = isBilled(job, desk.billingDelayMs, desk.now()) ? (job.charge?.credits ?? null) : null
  const view = viewJob(job, desk.projectId, expand.has('usage') ? { credits } : null)
  return answerWith({ job: view, ...resultBody(job, expand, name => desk.link(`jobs/${job.id}/${name}`)) })
}

function cancel(job: SimulatedJob, desk: JobsDesk): Answer {
  if (isTerminal(job.status)) return refuse(400, `Cannot cancel a parse job in status ${job.status}.`)
  job.status = 'CANCELLED'
  job.updatedAt = desk.now()
  job.stop.abort(new Error('The job was cancelled'))
  desk.charge(job, 0, 0)
  desk.announce(job, 'parse.cancelled')
  return answerWith(viewJob(job, desk.projectId, null))
}

/** Newest first (a guess). */
function list(jobs: readonly SimulatedJob[], params: URLSearchParams, desk: JobsDesk): Answer {
  const status = params.get('status')
  if (status !== null && !(jobStatuses as readonly string[]).includes(status)) {
    const msg = `Input should be ${jobStatuses.map(name => `'${name}'`).join(', ')}`
    return refuseFields([faultOfQuery('status', status, 'literal_error', msg)])
  }
  const bounds = ['created_at_on_or_after', 'created_at_on_or_before'].map(name => ({ name, text: params.get(name) }))
  const wrong = bounds.filter(({ text }) => text !== null && Number.isNaN(Date.parse(text)))
  const msg = 'Input should be a valid datetime'
  if (wrong.length > 0)
    return refuseFields(wrong.map(({ name, text }) => faultOfQuery(name, text, 'datetime_parsing', msg)))
  const [after, before] = bounds.map(({ text }) => (text === null ? null : Date.parse(text)))
  const ids = valuesOf(params, 'job_ids')
  const passed = jobs.filter(
    job =>
      (status === null || job.status === status) &&
      (ids?.has(job.id) ?? true) &&
      job.createdAt.getTime() >= (after ?? Number.NEGATIVE_INFINITY) &&
      job.createdAt.getTime() <= (before ?? Number.POSITIVE_INFINITY),
  )
  return answerPage(
    passed,
    params,
    job => -job.ordinal,
    job => viewJob(job, desk.projectId, null),
  )
}
