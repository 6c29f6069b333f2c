import { CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import type {
  Booking,
  CallContext,
  MeteredCallOptions,
  MeteredResult,
  MeteredService,
} from '../contract/metered-service.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import type { DirectParseService, ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Provenance } from '../contract/provenance.ts'
import type { RouteCaller } from '../contract/routed-service.ts'
import type { PageKind } from '../contract/routing.ts'
import { checkParseQuality } from './check-parse-quality.ts'
import { judgePage } from './judge-page.ts'
import { keepPages, mergePages } from './merge-pages.ts'
import type { ModeOfCall } from './mode-board.ts'
import { looksAtPages, namePages, type PagePlan, planPages, rangesOf } from './plan-pages.ts'

type Parse = MeteredService<ParseInput, ParseOutput>
type Parsed = MeteredResult<ParseOutput>

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
 * provisional. Where the paid provider gave a page worse than what was read here, a note says so.
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
    price(units, who) {
      const { policy } = modeOf(who)
      return service.price(units, policy ? { ...who, planned: plannedFirst(options, policy) } : who)
    },
  }
}

type Policy = NonNullable<ModeOfCall['policy']>
type Call = MeteredCallOptions<ParseOutput>

function plannedFirst({ hasPaid }: ContentAwareOptions, { steps }: Policy): 'local' | 'paid' {
  return hasPaid && steps.some(step => step.use === 'paid') ? 'paid' : 'local'
}

async function byPolicy(
  options: ContentAwareOptions,
  input: ParseInput,
  context: CallContext,
  call: Call,
  policy: Policy,
): Promise<Parsed> {
  const { service, hasPaid } = options
  const [first] = policy.steps
  const asksForProvider = input.options.tier !== undefined || input.options.options !== undefined
  const wantsPaid = hasPaid && policy.steps.some(step => step.use === 'paid')
  if (wantsPaid && (asksForProvider || !looksAtPages(policy.steps))) {
    const tier = input.options.tier ?? first?.tier
    return await callPaid(service, withTier(input, tier), context, call)
  }
  const local = await readHere(options, input, call.signal)
  if (local.kind === 'unreadable') {
    if (!wantsPaid) throw local.error
    // Nobody here can step in for the provider: it is waited for.
    const tier = policy.steps.find(step => step.use === 'paid')?.tier
    return await callPaid(service, withTier(input, tier), { ...context, insists: true }, call)
  }
  const { output, traits } = local
  const kinds = new Map<number, PageKind>(traits.map(page => [page.pageNumber, judgePage(page)]))
  const costOf = (pages: number) => service.price(pages, { ...context, planned: 'paid' }).costNanoUsd
  const plan = planPages(kinds, wantsPaid ? policy.steps : [{ use: 'local' }], costOf)
  const withoutPaid = hasPaid ? [] : ['no paid provider is configured']
  if (plan.paid.length === 0) {
    const result = await callHere(service, input, context, call, output)
    const saved = wantsPaid ? [avoidedFor(service, plan, context)] : []
    return { ...explained(result, [...plan.why, ...withoutPaid]), alsoBooked: saved }
  }
  return await inParts(service, { input, context, call, output, traits, plan })
}

interface Parts {
  input: ParseInput
  context: CallContext
  call: Call
  output: ParseOutput
  traits: readonly PageTraits[]
  plan: PagePlan
}

async function inParts(service: Parse, { input, context, call, output, traits, plan }: Parts): Promise<Parsed> {
  const pages = rangesOf(plan.paid).join(',')
  const isAll = plan.local.length === 0
  const wanted = withTier(isAll ? input : { ...input, options: { ...input.options, pages } }, plan.tier ?? undefined)
  const paid = await paidOrDoubt(service, wanted, { ...context, ...(!isAll && { pages }) }, call)
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
  const merged = mergePages(output, paid.output, plan)
  const faults = checkParseQuality(
    paid.output.pages,
    traits.filter(page => plan.paid.includes(page.pageNumber)),
  )
  const notes = [
    ...merged.notes,
    ...(isAll
      ? []
      : [
          `${capital(namePages(plan.local))} read on this machine, ${namePages(plan.paid)} by ${nameOf(paid.provenance)}.`,
        ]),
    ...faults.map(({ pageNumber, detail }) => `Page ${pageNumber}: ${detail}.`),
  ]
  const result = explained({ ...paid, output: { ...merged, notes } }, plan.why)
  if (isAll) return result
  const here = await callHere(service, input, context, call, keepPages(output, plan.local))
  const alsoBooked = [here.booking, ...(here.alsoBooked ?? []), avoidedFor(service, plan, context)]
  return { ...result, alsoBooked: [...(result.alsoBooked ?? []), ...alsoBooked] }
}

/** The deferral, if nobody knows what became of the call and somebody may step in. */
async function paidOrDoubt(
  service: Parse,
  input: ParseInput,
  context: CallContext,
  call: Call,
): Promise<Parsed | CallDeferred> {
  try {
    return await callPaid(service, input, context, call)
  } catch (error) {
    if (error instanceof CallDeferred && error.deferral.reason === 'in_doubt' && !context.insists) return error
    throw error
  }
}

/** The paid provider, or who steps in for it. What is bought is named after what it depends on. */
async function callPaid(service: Parse, input: ParseInput, context: CallContext, call: Call): Promise<Parsed> {
  const variant = service.variant(input, { ...context, planned: 'paid' })
  const items = context.items.map(item => `${item.split('/').slice(0, 2).join('/')}/${variant}`)
  return await service.call(input, { ...context, planned: 'paid', items }, call)
}

/** Books what was read here already. */
async function callHere(
  service: Parse,
  input: ParseInput,
  context: CallContext,
  { signal }: Call,
  output: ParseOutput,
): Promise<Parsed> {
  const usage = service.price(output.pages.length, { ...context, planned: 'local' })
  const pages = rangesOf(output.pages.map(page => page.pageNumber)).join(',')
  return await service.call(
    input,
    { ...context, planned: 'local', items: [], pages },
    { signal, already: { output, usage } },
  )
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

function withTier(input: ParseInput, tier: ParseInput['options']['tier']): ParseInput {
  return tier === undefined || input.options.tier !== undefined
    ? input
    : { ...input, options: { ...input.options, tier } }
}

function explained(result: Parsed, why: readonly string[]): Parsed {
  const provenance: Provenance = { ...result.provenance, reasons: [...result.provenance.reasons, ...why] }
  return { ...result, provenance }
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
