import { z } from 'zod'
import { type CallName, callNames, isCreating } from './simulator-calls.ts'
import type { SeededChance } from './simulator-identity.ts'
import { jobErrors } from './simulator-job-errors.ts'
import { tiers } from './simulator-versions.ts'

const on = z.enum(callNames).optional()
/** Whether the call is carried out (a job is created, and will be charged) before its answer gets lost. */
const done = z.boolean().default(false)
const ms = z.number().min(0).optional()
const answerFault = <Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind), on, done })

/** What can go wrong. `on` keeps a fault for one kind of call; those of a job, its usage and its webhooks wait for a call that creates one. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), on, ms, minMs: ms, maxMs: ms, meanMs: ms }),
  z.strictObject({ kind: z.literal('rate_limited'), on, times: z.int().min(1).default(1) }),
  z.strictObject({ kind: z.literal('credits_spent') }),
  z.strictObject({ kind: z.literal('server_error'), on, done, status: z.int().min(500).max(599).default(500) }),
  answerFault('connection_lost'),
  answerFault('hang'),
  z.strictObject({ kind: z.literal('body_breaks'), on }),
  z.strictObject({ kind: z.literal('body_hangs'), on }),
  z.strictObject({
    kind: z.literal('malformed'),
    on,
    body: z.enum(['empty', 'html', 'cut_short', 'other_shape']).default('cut_short'),
  }),
  z.strictObject({ kind: z.literal('job_hangs'), status: z.enum(['PENDING', 'RUNNING']).default('RUNNING') }),
  z.strictObject({ kind: z.literal('job_fails'), code: z.enum(jobErrors).default('PDF_IS_BROKEN') }),
  /** `pages` as in `target_pages`. */
  z.strictObject({ kind: z.literal('pages_fail'), pages: z.coerce.string() }),
  /** These pages come out badly at tiers below `below`. */
  z.strictObject({
    kind: z.literal('pages_degraded'),
    pages: z.coerce.string(),
    as: z.enum(['table_lost', 'garbled', 'empty', 'missing']).default('table_lost'),
    below: z.enum(tiers).default('agentic'),
  }),
  z.strictObject({ kind: z.literal('usage_stays_null') }),
  z.strictObject({
    kind: z.literal('webhooks'),
    delivery: z.enum(['lost', 'duplicated', 'late', 'reordered']),
    lateMs: z.number().min(0).default(60_000),
  }),
])

export type Fault = z.input<typeof faultSchema>
export type ReadyFault = z.output<typeof faultSchema>

/** Of all requests that a fault can hit, it hits this share; the seed decides which. */
export interface FaultRate {
  fault: Fault
  probability: number
}

const partOf: Record<ReadyFault['kind'], 'wait' | 'answer' | 'job' | 'usage' | 'webhooks'> = {
  latency: 'wait',
  rate_limited: 'answer',
  credits_spent: 'answer',
  server_error: 'answer',
  connection_lost: 'answer',
  hang: 'answer',
  body_breaks: 'answer',
  body_hangs: 'answer',
  malformed: 'answer',
  job_hangs: 'job',
  job_fails: 'job',
  pages_fail: 'job',
  pages_degraded: 'job',
  usage_stays_null: 'usage',
  webhooks: 'webhooks',
}
const jobParts = new Set(['job', 'usage', 'webhooks'])

export interface FaultSource {
  push(faults: readonly Fault[]): void
  /** What hits this request, at most one fault for each part of it: first of `asked`, then of those pushed, then by the rates. */
  next(call: CallName, ordinal: number, asked: readonly ReadyFault[]): ReadyFault[]
}

export function createFaultSource(rates: readonly FaultRate[], chance: SeededChance): FaultSource {
  const queue: ReadyFault[] = []
  const drawn = rates.map(({ fault, probability }) => ({ fault: faultSchema.parse(fault), probability }))
  return {
    push: faults => void queue.push(...faults.flatMap(fault => repeat(faultSchema.parse(fault)))),
    next(call, ordinal, asked) {
      const byChance = drawn.filter((rate, i) => chance.fraction('fault', call, ordinal, i) < rate.probability)
      const hit = new Map<string, ReadyFault>()
      for (const fault of [...asked, ...queue, ...byChance.map(rate => rate.fault)]) {
        const part = partOf[fault.kind]
        if (!hit.has(part) && canHit(fault, call)) hit.set(part, fault)
      }
      const faults = [...hit.values()]
      for (const fault of faults) {
        const place = queue.indexOf(fault)
        if (place !== -1) queue.splice(place, 1)
        else if (!asked.includes(fault)) queue.push(...repeat(fault).slice(1))
      }
      return faults
    },
  }
}

export function faultOf<Kind extends ReadyFault['kind']>(
  faults: readonly ReadyFault[],
  ...kinds: Kind[]
): Extract<ReadyFault, { kind: Kind }> | undefined {
  const found = faults.find(fault => (kinds as string[]).includes(fault.kind))
  return found as Extract<ReadyFault, { kind: Kind }> | undefined
}

export function answerFaultOf(faults: readonly ReadyFault[]): ReadyFault | undefined {
  return faults.find(fault => partOf[fault.kind] === 'answer')
}

export interface Latency {
  ms?: number | undefined
  minMs?: number | undefined
  maxMs?: number | undefined
  meanMs?: number | undefined
}

/** How long a wait takes: always the same, evenly between two bounds, or with a long tail around a mean. `fraction` is a chance from 0 to 1. */
export function latencyOf({ ms: fixedMs = 0, minMs, maxMs, meanMs }: Latency, fraction: number): number {
  if (meanMs !== undefined) return -meanMs * Math.log(1 - fraction)
  return maxMs === undefined ? fixedMs : (minMs ?? 0) + fraction * (maxMs - (minMs ?? 0))
}

/** A burst of 429s is that many faults. */
function repeat(fault: ReadyFault): ReadyFault[] {
  if (fault.kind !== 'rate_limited') return [{ ...fault }]
  return Array.from({ length: fault.times }, () => ({ ...fault, times: 1 }))
}

function canHit(fault: ReadyFault, call: CallName): boolean {
  if (jobParts.has(partOf[fault.kind]) || fault.kind === 'credits_spent') return isCreating(call)
  return !('on' in fault) || fault.on === undefined || fault.on === call
}
