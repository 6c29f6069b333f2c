import type { DocumentDetail } from '../../contract/document-view.ts'
import type { AppError } from '../../contract/failure.ts'
import { isTerminal } from '../../contract/job.ts'
import type { JobView } from '../../contract/job-view.ts'
import { CliFailure } from '../cli-failure.ts'
import { printable } from '../text/printable.ts'
import { deferralWords } from './deferral-words.ts'
import type { FoundFile } from './expand-paths.fs.ts'

/** What became of one file, or of a job that was left over from before (`file` is null). */
export interface IngestRow {
  /** For people: safe to print. */
  label: string
  file: FoundFile | null
  /** `rejected`: the server did not take the file; `parked`: its job waits too long to be watched. */
  step: 'unsent' | 'sending' | 'following' | 'parked' | 'finished' | 'rejected'
  /** The tenant had these bytes before this file was sent. */
  alreadyThere: boolean
  job: JobView | null
  /** Known at the end, with costs. */
  document: DocumentDetail | null
  failure: RowFailure | null
}
export interface RowFailure {
  code: string
  message: string
  action: string
  correlationId: string | null
}

export function rowOfFile(file: FoundFile): IngestRow {
  const label = printable(file.label)
  return { label, file, step: 'unsent', alreadyThere: false, job: null, document: null, failure: null }
}

export function rowOfJob(job: JobView): IngestRow {
  const label = printable(job.fileName)
  return { label, file: null, step: 'following', alreadyThere: false, job, document: null, failure: null }
}

/** Takes over what the server says of the row's job. Answers whether anything changed for a user. */
export function updateJob(row: IngestRow, job: JobView): boolean {
  const before = row.job
  const changed =
    before?.jobId !== job.jobId ||
    before.state !== job.state ||
    before.stage !== job.stage ||
    deferralWords(before) !== deferralWords(job)
  row.job = job
  row.failure = job.error && isTerminal(job.state) ? { ...job.error, correlationId: job.correlationId } : null
  return changed
}

export function reject(row: IngestRow, failure: AppError): void {
  const { code, message, action } = failure
  row.step = 'rejected'
  row.failure = { code, message, action, correlationId: failure instanceof CliFailure ? failure.correlationId : null }
}

/**
 * True for a job that waits for money, for what became of a call in doubt, or for a provider that may take hours; that can take long.
 * Whoever waits for a call of somebody else goes on within seconds.
 */
export function isParked(job: JobView): boolean {
  if (job.state === 'waiting') return job.deadlineAt !== null && Date.parse(job.deadlineAt) - Date.now() > hoursMs
  return job.state === 'deferred' && job.deferral?.reason !== 'in_progress'
}

const hoursMs = 2 * 3_600_000
