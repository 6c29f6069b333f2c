import type { ReadyFault } from './simulator-faults.ts'
import type { ParseRequest } from './simulator-request.ts'
import type { WebhookTarget } from './simulator-webhook-schema.ts'

export const jobStatuses = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
export type JobStatus = (typeof jobStatuses)[number]

/** A file as it was sent; `sha256` in hex. */
export interface SourceFile {
  name: string
  bytes: Uint8Array<ArrayBuffer>
  sha256: string
}

/** A page as the parser left it; `error` where this page failed. */
export interface ResultPage {
  pageNumber: number
  markdown: string
  isCostOptimized: boolean
  error: string | null
}

export interface SimulatedJob {
  id: string
  /** The how-manieth job it is. */
  ordinal: number
  request: ParseRequest
  name: string | null
  status: JobStatus
  errorMessage: string | null
  createdAt: Date
  updatedAt: Date
  /** In order; empty until the job has completed. */
  pages: ResultPage[]
  /** Null until the job has ended. `isTold` is false where the bill never becomes visible. */
  charge: { credits: number; at: Date; isTold: boolean } | null
  webhooks: WebhookTarget[]
  faults: readonly ReadyFault[]
  stop: AbortController
}

export function isTerminal(status: JobStatus): boolean {
  return status !== 'PENDING' && status !== 'RUNNING'
}

/** Whether the bill of a job can be seen. */
export function isBilled({ charge }: SimulatedJob, billingDelayMs: number, now: Date): boolean {
  return charge?.isTold === true && charge.at.getTime() + billingDelayMs <= now.getTime()
}

/** A job with the fields of the SDK's types. `usage` is there when it was asked for (documented), with null credits until they are billed. */
export function viewJob(job: SimulatedJob, projectId: string, usage: { credits: number | null } | null) {
  return {
    id: job.id,
    project_id: projectId,
    status: job.status,
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
    error_message: job.errorMessage,
    name: job.name,
    tier: job.request.tier,
    usage,
    user_metadata: job.request.user_metadata ?? null,
  }
}
