import { CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import type { Booking, CallContext } from '../contract/metered-service.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import type { DirectParseService, ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Provenance } from '../contract/provenance.ts'
import type { RouteCaller } from '../contract/routed-service.ts'
import type { PageKind } from '../contract/routing.ts'
import { improvePages } from './improve-pages.ts'
import { judgePage } from './judge-page.ts'
import { keepPages, mergePages } from './merge-pages.ts'
import type { ModeOfCall } from './mode-board.ts'
import { callHere, callPaid, explained, type Parse, type ParseCall, type Parsed, withTier } from './parse-calls.ts'
import { type CostOf, firstSteps, looksAtPages, namePages, type PagePlan, planPages, rangesOf } from './plan-pages.ts'

export interface ContentAwareOptions {
  service: Parse
  modeOf(who: RouteCaller): ModeOfCall
  /** Reads a document on this machine for nothing, and says what its pages are like. */
  localParser: DirectParseService
  hasPaid: boolean
}

/**
 * In mode `hybrid`, reads each document here first, and leaves to the paid provider only the pages that the policy wants there; what that saved
 * is booked as avoided. In the other modes nothing changes. A result whose paid pages were read here, since the provider could not be had, is
 * provisional. What the paid provider gave worse than it was read here is read again at the next better tier that the policy names for such pages; a
 * note says so, and what still is bad.
 */
export function contentAware(options: ContentAwareOptions): Parse {
  const { service, modeOf } = options
  const variantOf = (input: ParseInput, who: RouteCaller, { name, steps }: Policy) => {
    const parts = { tier: input.options.tier ?? null, steps, local: options.localParser.variant(input) }
    const paid = service.variant(input, { ...who, planned: options.hasPaid ? 'paid' : 'local' })
    return `hybrid/${name};${paid};steps=${JSON.stringify(parts)}`
  }
  return {
    ...service,
    variant(input, who) {
      const { policy } = modeOf(who)
      return policy ? variantOf(input, who, policy) : service.variant(input, who)
    },
    async call(input, context, call) {
      const { policy } = modeOf(context)
      if (!policy) return await service.call(input, context, call)
      const variant = variantOf(input, context, policy)
      const result = await byPolicy(options, input, context, call, policy)
      return { ...result, variant: result.provenance.provisional ? `${variant};provisional` : variant }
    },
    async quote(input, who, call) {
      const { policy } = modeOf(who)
      // Until it has been read, every page may turn out to be one for the paid provider.
      return await service.quote(input, policy ? { ...who, planned: plannedFirst(options, policy) } : who, call)
    },
    price(units, who, model) {
      const { policy } = modeOf(who)
      return service.price(units, policy ? { ...who, planned: plannedFirst(options, policy) } : who, model)
    },
  }
}

type Policy = NonNullable<ModeOfCall['policy']>

function plannedFirst({ hasPaid }: ContentAwareOptions, { steps }: Policy): 'local' | 'paid' {
  return hasPaid && firstSteps(steps).some(step => step.use === 'paid') ? 'paid' : 'local'
}

async function byPolicy(
  options: ContentAwareOptions,
  input: ParseInput,
  context: CallContext,
  call: ParseCall,
  policy: Policy,
): Promise<Parsed> {
  const { service, hasPaid } = options
  const first = firstSteps(policy.steps).find(step => step.use === 'paid')
  const asksForProvider = input.options.tier !== undefined || input.options.options !== undefined
  const wantsPaid = hasPaid && first !== undefined
  if (wantsPaid && (asksForProvider || !looksAtPages(policy.steps))) {
    return await callPaid(service, withTier(input, first.tier), context, call)
  }
  const local = await readHere(options, input, call.signal)
  if (local.kind === 'unreadable') {
    if (!wantsPaid) throw local.error
    // Nobody here can step in for the provider: it is waited for.
    return await callPaid(service, withTier(input, first.tier), { ...context, insists: true }, call)
  }
  const { output, traits } = local
  const kinds = new Map<number, PageKind>(traits.map(page => [page.pageNumber, judgePage(page)]))
  const costOf: CostOf = (pages, tier) =>
    service.price(pages, { ...context, planned: 'paid' }, tier ?? undefined).costNanoUsd
  const plan = planPages(kinds, wantsPaid ? policy.steps : [{ use: 'local' }], costOf)
  const withoutPaid = hasPaid ? [] : ['no paid provider is configured']
  if (plan.paid.length === 0) {
    const result = await callHere(service, input, context, call, output)
    const saved = wantsPaid ? [avoidedFor(service, plan, context)] : []
    return { ...explained(result, [...plan.why, ...withoutPaid]), alsoBooked: saved }
  }
  if (plan.local.length > 0) await call.keepRoute?.({ parse: 'hybrid', policy: policy.name })
  return await inParts(service, { input, context, call, output, traits, plan, steps: policy.steps, costOf })
}

interface Parts {
  input: ParseInput
  context: CallContext
  call: ParseCall
  output: ParseOutput
  traits: readonly PageTraits[]
  plan: PagePlan
  steps: Policy['steps']
  costOf: CostOf
}

async function inParts(service: Parse, parts: Parts): Promise<Parsed> {
  const { input, context, call, output, traits, plan } = parts
  const pages = rangesOf(plan.paid).join(',')
  const isAll = plan.local.length === 0
  const wanted = withTier(isAll ? input : { ...input, options: { ...input.options, pages } }, plan.tier ?? undefined)
  const paid = call.soFar?.known ?? (await paidOrDoubt(service, wanted, { ...context, ...(!isAll && { pages }) }, call))
  if (paid instanceof CallDeferred) {
    // The upgrade finds out what became of that call before it buys anything.
    const here = await callHere(service, input, context, call, output)
    return provisional(here, [...plan.why, `${paid.message} Read on this machine in the meantime`])
  }
  if (paid.provenance.provisional) {
    // All of it was read here already.
    const why = [...plan.why, `${namePages(plan.paid)} were read on this machine in the meantime`]
    return explained({ ...paid, output }, why)
  }
  const bought = traits.filter(page => plan.paid.includes(page.pageNumber))
  const improved = await improvePages(service, { ...parts, traits: bought, first: paid })
  const merged = mergePages(output, { pages: improved.pages, notes: paid.output.notes }, plan)
  const split = isAll ? [] : [sayWhoRead(plan, paid.provenance)]
  const notes = [...merged.notes, ...split, ...improved.notes]
  const result = explained({ ...paid, output: { ...merged, notes } }, [...plan.why, ...improved.why])
  const booked = [...(paid.alsoBooked ?? []), ...improved.bookings]
  if (isAll) return { ...result, alsoBooked: booked }
  const here = await callHere(service, input, context, call, keepPages(output, plan.local))
  const alsoBooked = [here.booking, ...(here.alsoBooked ?? []), avoidedFor(service, plan, context)]
  return { ...result, alsoBooked: [...booked, ...alsoBooked] }
}

function sayWhoRead(plan: PagePlan, provenance: Provenance): string {
  return `${capital(namePages(plan.local))} read on this machine, ${namePages(plan.paid)} by ${nameOf(provenance)}.`
}

/** The deferral, if nobody knows what became of the call and somebody may step in. */
async function paidOrDoubt(
  service: Parse,
  input: ParseInput,
  context: CallContext,
  call: ParseCall,
): Promise<Parsed | CallDeferred> {
  try {
    return await callPaid(service, input, context, call)
  } catch (error) {
    if (error instanceof CallDeferred && error.deferral.reason === 'in_doubt' && !context.insists) return error
    throw error
  }
}

type Read =
  | { kind: 'read'; output: ParseOutput; traits: readonly PageTraits[] }
  | { kind: 'unreadable'; error: AppError }

/** What only this machine cannot read may still be read by the provider; what is broken is broken for everybody. */
async function readHere({ localParser }: ContentAwareOptions, input: ParseInput, signal: AbortSignal): Promise<Read> {
  try {
    const { output } = await localParser.call(input, { signal })
    return { kind: 'read', output, traits: output.traits ?? [] }
  } catch (error) {
    const others: readonly AppError['code'][] = [
      'document_scanned',
      'parse_timed_out',
      'parse_out_of_memory',
      'parser_crashed',
    ]
    if (error instanceof AppError && others.includes(error.code)) return { kind: 'unreadable', error }
    throw error
  }
}

function avoidedFor(service: Parse, plan: PagePlan, context: CallContext): Booking {
  const { items: _, ...who } = context
  return service.avoided(plan.local.length, { ...who, planned: 'paid' })
}

function provisional(result: Parsed, why: readonly string[]): Parsed {
  return explained({ ...result, provenance: { ...result.provenance, provisional: true } }, why)
}

function nameOf({ provider, model, simulated }: Provenance): string {
  return `${provider} ${model}${simulated ? ' (simulated)' : ''}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
