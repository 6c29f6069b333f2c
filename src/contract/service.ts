import type { AppError } from './failure.ts'
import type { NanoUsd } from './money.ts'

/**
 * The shape of every service that can cost money. `quote` says the most that the call can cost; the rest does it, at once or as a
 * job that the provider works off on its own. Metering, limits and routing are decorators of this shape; stages know nothing of them.
 */
export type Service<Input, Output> = DirectService<Input, Output> | JobService<Input, Output>

interface PricedService<Input> {
  /** Null: known only after the call, which must be free then. Fails where the input cannot be priced. */
  quote(input: Input, options?: { signal?: AbortSignal }): Quote | null | Promise<Quote | null>
  /** What so many units cost now; at another model than the configured one, where an input may ask for it. */
  price(units: number, model?: string): Quote
  /** Names what a result depends on beside the content: provider, version, options. Equal names mean interchangeable results. */
  variant(input: Input): string
  /** The model that this input gets, where it may ask for another than the configured one. */
  model?(input: Input): string
}

/** Answers while the caller waits. */
export interface DirectService<Input, Output> extends PricedService<Input> {
  call(input: Input, options: CallOptions): Promise<ServiceResult<Output>>
  /**
   * Asks the provider what became of an earlier call for the same input whose answer was lost; for providers that can tell. Gives
   * its result, `not_charged` when the provider knows nothing of it, or `unknown` when that cannot be said yet.
   */
  find?(input: Input, callId: string, options: CallOptions): Promise<ServiceResult<Output> | 'not_charged' | 'unknown'>
}

/** Takes minutes: the work is handed over and its result fetched later, perhaps by another process. */
export interface JobService<Input, Output> extends PricedService<Input> {
  jobs: RemoteJobs<Input, Output>
}

/** Jobs at a provider, each found again by the id that the provider gave it. All but `submit` are free and can be repeated. */
export interface RemoteJobs<Input, Output> {
  /**
   * Hands the work over, no more of it than `quote` says. Fails with `call_outcome_unknown` when the provider may have taken it without
   * saying so, and with another code when it surely has not.
   */
  submit(input: Input, options: { signal: AbortSignal; callId: string; quote: Quote }): Promise<Submission>
  /** Which of these jobs the provider is done with, or knows nothing of. */
  ended(remoteIds: readonly string[], options: { signal: AbortSignal }): Promise<Set<string>>
  /** Fetches the result. Fails when the provider does not answer properly just now. */
  collect(remoteId: string, input: Input, options: { signal: AbortSignal }): Promise<Collected<Output>>
  /** What an ended job has cost; null as long as the provider does not know. */
  bill(remoteId: string, model: string, options: { signal: AbortSignal }): Promise<Usage | null>
  /** Stops a job; does nothing when it has ended. */
  cancel(remoteId: string, options: { signal: AbortSignal }): Promise<void>
  /** Removes an ended job from the provider, where that is wanted; does nothing where it is not, or when it is gone. */
  remove(remoteId: string, options: { signal: AbortSignal }): Promise<void>
  /** Asks for the job of an earlier `submit` whose answer was lost. `none`: it was never created. */
  find(callId: string, submittedAt: Date, options: { signal: AbortSignal }): Promise<Submission | 'none' | 'unknown'>
  /** How long after the `looks`-th look (0: the submission) the next one comes, in milliseconds. */
  lookAgainMs(looks: number): number
  /** What follows when a job passes its deadline. */
  whenStuck: 'retry' | 'fallback' | 'fail'
}

/** `deadlineMs` is how long the job may take before it is given up. */
export interface Submission {
  remoteId: string
  deadlineMs: number
}

/**
 * `usage` is null when the provider has not recorded yet what the job cost; `workedMs` is from the job's creation to its end by the provider's own
 * clock, where it tells. `gone`: the provider does not know the job any more.
 */
export type Collected<Output> =
  | { kind: 'running' }
  | { kind: 'done'; output: Output; usage: Usage | null; workedMs?: number }
  | { kind: 'failed'; error: AppError; usage: Usage | null }
  | { kind: 'gone' }

/** `callId` names the call to providers that keep such names, so that `find` can ask for it later. */
export interface CallOptions {
  signal: AbortSignal
  callId?: string
}

/** `units` is what the price counts (pages, tokens). `shadowNanoUsd` is what the real provider would charge at most. */
export interface Quote {
  units: number
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}

/** `usage.costNanoUsd` is what was really spent, `usage.shadowNanoUsd` what the real provider would have charged. */
export interface ServiceResult<Output> {
  output: Output
  usage: Usage
}
export type Usage = Quote
