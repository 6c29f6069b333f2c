import type { CallContext, MeteredCallOptions, MeteredResult, MeteredService } from '../contract/metered-service.ts'
import type { ParseTier } from '../contract/parse-options.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Provenance } from '../contract/provenance.ts'
import { rangesOf } from './plan-pages.ts'

export type Parse = MeteredService<ParseInput, ParseOutput>
export type Parsed = MeteredResult<ParseOutput>
export type ParseCall = MeteredCallOptions<ParseOutput>

/**
 * The paid provider, or who steps in for it. What is bought is named after its kind (`parse`: what a document consists of), the document's bytes, and
 * all that it depends on.
 */
export async function callPaid(
  service: Parse,
  input: ParseInput,
  context: CallContext,
  { signal }: ParseCall,
  kind = 'parse',
): Promise<Parsed> {
  const variant = service.variant(input, { ...context, planned: 'paid' })
  const items = context.items.map(item => `${kind}/${item.split('/')[1]}/${variant}`)
  return await service.call(input, { ...context, planned: 'paid', items }, { signal })
}

/** Books what was read here already. */
export async function callHere(
  service: Parse,
  input: ParseInput,
  context: CallContext,
  { signal }: ParseCall,
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

/** The input at a tier, unless the document asks for one itself. */
export function withTier(input: ParseInput, tier: ParseTier | undefined): ParseInput {
  return tier === undefined || input.options.tier !== undefined
    ? input
    : { ...input, options: { ...input.options, tier } }
}

export function explained(result: Parsed, why: readonly string[]): Parsed {
  const provenance: Provenance = { ...result.provenance, reasons: [...result.provenance.reasons, ...why] }
  return { ...result, provenance }
}
