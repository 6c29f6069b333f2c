import { createAnnouncer } from './simulator-announcer.ts'
import type { Billing } from './simulator-billing.ts'
import { createResultCache } from './simulator-cache.ts'
import type { LlamaCloudCounters } from './simulator-counters.ts'
import type { SeededChance } from './simulator-identity.ts'
import type { SimulatedJob, SourceFile } from './simulator-job.ts'
import type { Settings } from './simulator-options.ts'
import { type JobDesk, runJob } from './simulator-run-job.ts'
import type { ParseEvent } from './simulator-webhook-schema.ts'

export interface Worker {
  /** Begins to work on a job, without waiting for it. */
  start(job: SimulatedJob, load: () => Promise<SourceFile>): void
  announce(job: SimulatedJob, event: ParseEvent): void
  idle(): Promise<void>
  /** Ends all jobs where they are, and all webhooks. */
  close(): Promise<void>
}

/** Works on any number of jobs at once, and tells their webhooks. */
export function createWorker(
  settings: Settings,
  billing: Billing,
  counters: LlamaCloudCounters,
  chance: SeededChance,
): Worker {
  const { parse, sleep, now, timing, jobLimits: limits, deliver } = settings
  const stop = new AbortController()
  const delivery = { deliver, sleep, counters: counters.webhooks, signal: stop.signal }
  const announcer = createAnnouncer(delivery, chance, now)
  const running = new Map<SimulatedJob, Promise<void>>()

  function announce(job: SimulatedJob, event: ParseEvent): void {
    if (event === 'parse.success' || event === 'parse.partial_success') counters.completed++
    if (event === 'parse.error') counters.failed++
    if (event === 'parse.cancelled') counters.cancelled++
    announcer.announce(job, event)
  }

  const cache = createResultCache()
  const desk: JobDesk = { parse, sleep, now, timing, limits, cache, announce, charge: billing.charge }
  const idle = async () => {
    while (running.size > 0) await Promise.all(running.values())
    await announcer.idle()
  }
  return {
    start(job, load) {
      const run = runJob(job, load, desk)
      running.set(job, run)
      void run.then(() => running.delete(job))
    },
    announce,
    idle,
    close() {
      const reason = new Error('The simulator was closed')
      stop.abort(reason)
      for (const job of running.keys()) job.stop.abort(reason)
      return idle()
    },
  }
}
