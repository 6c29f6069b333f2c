import { untilAborted } from './simulator-apply-fault.ts'
import type { ResultCache } from './simulator-cache.ts'
import { chargeFor, isOptimizable } from './simulator-credits.ts'
import { degradePages } from './simulator-degrade.ts'
import { faultOf } from './simulator-faults.ts'
import type { JobStatus, ResultPage, SimulatedJob, SourceFile } from './simulator-job.ts'
import { errorMessage, type JobError, toJobError } from './simulator-job-errors.ts'
import { readTargetPages, selectPages } from './simulator-page-ranges.ts'
import type { ParseEvent } from './simulator-webhook-schema.ts'

/** How long a job waits, and works before and for each page. The time that the parser really takes comes on top. */
export interface JobTiming {
  pendingMs: number
  runningMs: number
  msPerPage: number
}

export interface JobLimits {
  maxFileBytes: number
  maxPages: number
}

export interface JobDesk {
  parse(bytes: Uint8Array, fileName: string, signal: AbortSignal): Promise<{ pages: ParserPage[] }>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  now(): Date
  timing: JobTiming
  limits: JobLimits
  cache: ResultCache
  announce(job: SimulatedJob, event: ParseEvent): void
  /** Books what a job that ended cost. */
  charge(job: SimulatedJob, pages: number, credits: number): void
}

export interface ParserPage {
  pageNumber: number
  markdown: string
}

/**
 * Brings a job to its end: PENDING, RUNNING, then COMPLETED or FAILED; a known result at once. Ends early and changes nothing
 * when the job's own signal aborts. Pages that failed are not charged, nor are failed or cancelled jobs (a guess).
 */
export async function runJob(job: SimulatedJob, load: () => Promise<SourceFile>, desk: JobDesk): Promise<void> {
  const { signal } = job.stop
  const move = (status: JobStatus, event: ParseEvent) => {
    job.status = status
    job.updatedAt = desk.now()
    desk.announce(job, event)
  }
  desk.announce(job, 'parse.pending')
  try {
    const outcome = await findOrWork(job, load, desk, () => move('RUNNING', 'parse.running'))
    signal.throwIfAborted()
    if ('failure' in outcome) return fail(outcome.failure)
    const { pages, isKnown, fileName } = outcome
    const good = pages.filter(({ error }) => error === null)
    desk.charge(job, good.length, isKnown ? 0 : chargeFor(good, job.request, fileName))
    job.pages = pages
    move('COMPLETED', good.length < pages.length ? 'parse.partial_success' : 'parse.success')
  } catch (error) {
    if (!signal.aborted) fail(errorMessage(toJobError(error)))
  }

  function fail(message: string) {
    job.errorMessage = message
    desk.charge(job, 0, 0)
    move('FAILED', 'parse.error')
  }
}

type Outcome = { pages: ResultPage[]; isKnown: boolean; fileName: string } | { failure: string }

async function findOrWork(
  job: SimulatedJob,
  load: () => Promise<SourceFile>,
  desk: JobDesk,
  start: () => void,
): Promise<Outcome> {
  const { signal } = job.stop
  const hangsAt = faultOf(job.faults, 'job_hangs')?.status
  const file = await load()
  const known = desk.cache.find(file.sha256, job.request, desk.now())
  if (hangsAt === 'PENDING') await untilAborted(signal)
  if (!known) await desk.sleep(desk.timing.pendingMs, signal)
  start()
  if (hangsAt === 'RUNNING') await untilAborted(signal)
  if (known) return { pages: known, isKnown: true, fileName: file.name }
  const worked = await work(job, file, desk)
  if ('failure' in worked) return worked
  const isWhole = worked.pages.every(({ error }) => error === null)
  if (isWhole) desk.cache.keep(file.sha256, job.request, worked.pages, desk.now())
  return { pages: worked.pages, isKnown: false, fileName: file.name }
}

/** The pages that were asked for, or why the job fails; throws what the parser throws. */
async function work(
  job: SimulatedJob,
  file: SourceFile,
  desk: JobDesk,
): Promise<{ pages: ResultPage[] } | { failure: string }> {
  const { request, stop } = job
  const { runningMs, msPerPage } = desk.timing
  if (file.bytes.length > desk.limits.maxFileBytes) return failure('DOCUMENT_TOO_LARGE')
  const parsed = await desk.parse(file.bytes, file.name, stop.signal)
  const selected = selectPages(parsed.pages, request.page_ranges)
  if (selected.length > desk.limits.maxPages) return failure('TOO_MANY_PAGES')
  const takesMs = runningMs + msPerPage * selected.length
  const timeoutMs = timeoutOf(job, selected.length)
  await desk.sleep(Math.min(takesMs, timeoutMs), stop.signal)
  if (takesMs > timeoutMs) return failure('TIMEOUT')
  const fault = faultOf(job.faults, 'job_fails', 'pages_fail', 'pages_degraded')
  if (fault?.kind === 'job_fails') return failure(fault.code)
  if (selected.length === 0) return failure('NO_DATA_FOUND_IN_FILE')
  const failing = fault?.kind === 'pages_fail' ? readTargetPages(fault.pages) : []
  const made = fault?.kind === 'pages_degraded' ? degradePages(selected, request.tier, fault) : selected
  const pages = made.map(({ pageNumber, markdown }) => ({
    pageNumber,
    markdown,
    isCostOptimized: isOptimizable(markdown, request),
    error: Array.isArray(failing) && failing.includes(pageNumber) ? 'Page processing failed' : null,
  }))
  return judgeFailures(pages, request.processing_control?.job_failure_conditions?.allowed_page_failure_ratio ?? 0.05)
}

function failure(error: JobError): { failure: string } {
  return { failure: errorMessage(error) }
}

/** More failed pages than the ratio allows fail the job (documented); the wording is a guess. */
function judgeFailures(pages: ResultPage[], allowedRatio: number): { pages: ResultPage[] } | { failure: string } {
  const failed = pages.filter(({ error }) => error !== null).length
  if (failed / pages.length <= allowedRatio) return { pages }
  return { failure: `${failed} of ${pages.length} pages failed, more than the allowed ratio of ${allowedRatio}` }
}

/** Without `timeouts` there is no limit of time (documented). */
function timeoutOf({ request }: SimulatedJob, pages: number): number {
  const { base_in_seconds: base, extra_time_per_page_in_seconds: extra } = request.processing_control?.timeouts ?? {}
  if (!base && !extra) return Number.POSITIVE_INFINITY
  return ((base ?? 7200) + (extra ?? 0) * pages) * 1000
}
