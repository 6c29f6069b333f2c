import { deliverOverNetwork } from './simulator-deliver.http.ts'
import type { FaultRate, Latency } from './simulator-faults.ts'
import type { UploadLimit } from './simulator-rate-limit.ts'
import type { JobLimits, JobTiming, ParserPage } from './simulator-run-job.ts'
import { sleep } from './simulator-sleep.ts'

export interface LlamaCloudSimulatorOptions {
  /** The parser that does the work. An AppError of it becomes the job's `error_message`. */
  parse(bytes: Uint8Array, fileName: string, signal: AbortSignal): Promise<{ pages: ParserPage[] }>
  /** The only key that is accepted; without it, any key is. */
  apiKey?: string
  /** The clock of jobs, limits and the cache; the machine's if not given. */
  now?(): Date
  /** Waits, and rejects when the signal aborts. A clock for tests brings its own. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>
  /** Decides on ids, and on which requests the faults of `faultRates` hit. 1 if not given. */
  seed?: number
  timing?: JobTiming
  /** Files beyond 512 MB fail, as documented; there is no limit of pages if none is given. */
  jobLimits?: JobLimits
  /** How long credits stay null after a job has ended; not at all if not given. */
  billingDelayMs?: number
  /** How many parse jobs may be created; 50 in 10 s if not given, as documented. */
  uploadLimit?: UploadLimit
  /** How many credits there are; when they are used up, new jobs are refused with a 402. Endless if not given. */
  creditsLeft?: number
  /** How long each answer takes at least: always the same, between two bounds, or around a mean. */
  latency?: Latency
  faultRates?: readonly FaultRate[]
  /** Brings webhooks to their addresses; over the network if not given. */
  deliver?(request: Request): Promise<Response>
  /** Lets webhooks go to private addresses, which the real service refuses. */
  allowsPrivateWebhooks?: boolean
  /** Fetches a `source_url`, which is refused if this is not given. */
  fetchSource?(url: string): Promise<Response>
}

export const defaultOptions = {
  now: () => new Date(),
  sleep,
  seed: 1,
  timing: { pendingMs: 100, runningMs: 200, msPerPage: 10 },
  jobLimits: { maxFileBytes: 512 * 1024 * 1024, maxPages: Number.POSITIVE_INFINITY },
  billingDelayMs: 0,
  uploadLimit: { requests: 50, windowMs: 10_000 },
  latency: { ms: 0 },
  faultRates: [],
  deliver: deliverOverNetwork,
  allowsPrivateWebhooks: false,
} satisfies Partial<LlamaCloudSimulatorOptions>

/** The options with what was not given filled in. */
export type Settings = Omit<LlamaCloudSimulatorOptions, Defaulted> &
  Required<Pick<LlamaCloudSimulatorOptions, Defaulted>>
type Defaulted = keyof typeof defaultOptions
