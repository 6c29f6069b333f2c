import { AppError } from '../../contract/failure.ts'
import { fieldOf } from './merge-fields.ts'
import { llamaParsePrices, nanoUsdPerCredit } from './prices.ts'

const layoutPerPage = 3
const formPerPage = 10
const confidencePerPage = 5

/** LlamaParse's credits for a page at a tier. Fails with `call_unpriceable` for a tier that is not on its list. */
export function creditsOfTier(tier: string): number {
  const price = llamaParsePrices.find(({ model }) => model === tier)
  if (!price)
    throw new AppError('call_unpriceable', `It is not known how many credits LlamaParse's tier "${tier}" takes.`)
  return Number(price.nanoUsd / nanoUsdPerCredit)
}

/**
 * The most credits that a page can cost at this tier under these fields of a request (documented, 2026-11): the tier's own, 3 more with layout,
 * 10 with enriched forms (as if each page were a form), 5 with high effort of confidence. A rule of auto mode can take a page to a dearer tier. Sheets
 * of a spreadsheet and pages that the cost optimizer finds simple cost less; nothing is taken off for them. That fine boxes and charts bring
 * layout along and nothing else does is a guess.
 */
export function mostCreditsPerPage(tier: string, fields: Readonly<Record<string, unknown>>): number {
  const option = (...path: string[]) => fieldOf(fields, 'processing_options', ...path)
  const rules = asList(option('auto_mode_configuration')).map(rule => fieldOf(rule, 'parsing_conf'))
  const tiers = [tier, ...rules.map(rule => fieldOf(rule, 'tier')).filter(name => typeof name === 'string')]
  const hasLayout =
    asList(fieldOf(fields, 'output_options', 'granular_bboxes')).length > 0 ||
    isOn(option('specialized_chart_parsing')) ||
    rules.some(rule => isOn(fieldOf(rule, 'specialized_chart_parsing')) || isOn(fieldOf(rule, 'extract_layout')))
  const forms = option('forms')
  return (
    Math.max(...tiers.map(creditsOfTier)) +
    (hasLayout ? layoutPerPage : 0) +
    (isOn(forms) && forms !== 'default' ? formPerPage : 0) +
    (isOn(option('confidence_score_effort')) ? confidencePerPage : 0)
  )
}

function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
