import { CallAwaited, CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import type { Booking, CallContext } from '../contract/metered-service.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import type { ParseTier } from '../contract/parse-options.ts'
import type { ParseInput } from '../contract/parse-service.ts'
import type { Policy } from '../contract/routing.ts'
import { checkParseQuality, type PageFault } from './check-parse-quality.ts'
import { nextTier } from './next-tier.ts'
import { callPaid, type Parse, type ParseCall, type Parsed } from './parse-calls.ts'
import { pickReadings } from './pick-readings.ts'
import { type CostOf, rangesOf } from './plan-pages.ts'
import { sayNotReadAgain, sayObstacle, sayReadAgain, sayWhyAgain } from './say-improvement.ts'

export interface Improvable {
  input: ParseInput
  context: CallContext
  call: ParseCall
  steps: Policy
  costOf: CostOf
  /** What this machine has measured of the pages. */
  traits: readonly PageTraits[]
  /** What the paid provider made of them. */
  first: Parsed
}

/** `bookings` are those of the further calls, `why` says what was bought. */
export interface Improved {
  pages: ParsedPage[]
  notes: string[]
  why: string[]
  bookings: Booking[]
}

/**
 * Has the pages that a tier read badly read again at the next better one that the policy names for them, as often as it names one; of each page the
 * better reading stays. Nothing is waited for but a job that the provider is at work on: where there is no money, or the provider cannot be had or
 * fails, the reading that is there stays, and a note says why. Throws `CallAwaited`, after the first result has been kept.
 */
export async function improvePages(service: Parse, improvable: Improvable): Promise<Improved> {
  const { first, traits, steps, costOf } = improvable
  const improved: Improved = { pages: first.output.pages, notes: [], why: [], bookings: [] }
  let faults = checkParseQuality(improved.pages, traits)
  let used = first.provenance.model
  while (faults.length > 0) {
    const next = nextTier(steps, used, faults.length, costOf)
    if (next === null) break
    const { tier } = next
    const again =
      next.kind === 'tier'
        ? await readAgain(service, improvable, { faults, used, tier })
        : { obstacle: `the policy allows $${next.maxCostUsd} for it, and it may cost more` }
    if ('obstacle' in again) {
      improved.notes.push(sayNotReadAgain(faults, { used, tier, why: again.obstacle }))
      break
    }
    const bookings = [again.result.booking, ...(again.result.alsoBooked ?? [])]
    improved.bookings.push(...bookings)
    const picked = pickReadings(improved.pages, faults, again.result.output.pages, traits)
    const notes = again.result.output.notes.map(note => `At ${tier}: ${note}`)
    const { taken } = picked
    improved.notes.push(...notes, sayReadAgain(faults, { used, tier, taken, bookings }))
    improved.why.push(`${sayWhyAgain(faults, used)}: read again at ${tier}`)
    improved.pages = picked.pages
    faults = picked.faults
    used = tier
  }
  improved.notes.push(...faults.map(({ pageNumber, detail }) => `Page ${pageNumber}: ${detail}.`))
  return improved
}

/** Faults of ours say nothing about the pages: the attempt is repeated, as after any of them. */
const ours: readonly AppError['code'][] = ['internal_error', 'database_unavailable', 'job_interrupted', 'shutting_down']

type Again = { result: Parsed } | { obstacle: string }

async function readAgain(
  service: Parse,
  { input, context, call, first }: Improvable,
  { faults, used, tier }: { faults: readonly PageFault[]; used: string; tier: ParseTier },
): Promise<Again> {
  const pages = rangesOf(faults.map(fault => fault.pageNumber)).join(',')
  const wanted = { ...input, options: { ...input.options, pages, tier } }
  const improves = sayWhyAgain(faults, used)
  try {
    // A kind of its own: the job's other calls are not taken for this one, nor this one for them.
    return { result: await callPaid(service, wanted, { ...context, pages, improves }, call, `again-${tier}`) }
  } catch (error) {
    call.signal.throwIfAborted()
    if (!(error instanceof AppError) || ours.includes(error.code)) throw error
    if (!isAwaited(error)) return { obstacle: sayObstacle(error) }
    // What is there must not depend on whether the provider can be asked for it once more.
    if (!call.soFar?.known) await call.soFar?.keep(first)
    throw error
  }
}

/** A job that the provider is at work on, or that somebody else is handing over at this moment. */
function isAwaited(error: AppError): boolean {
  return error instanceof CallAwaited || (error instanceof CallDeferred && error.deferral.reason === 'in_progress')
}
