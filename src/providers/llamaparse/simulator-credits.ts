import { llamaParsePrices, nanoUsdPerCredit } from './prices.ts'
import { splitBlocks } from './simulator-blocks.ts'
import type { ParseRequest } from './simulator-request.ts'

const layoutPerPage = 3
const formPerPage = 10
const confidencePerPage = 5
const sheet = 1

export interface PricedPage {
  markdown: string
  isCostOptimized: boolean
}

/** Credits of one page at a tier, by the price list. */
export function creditsPerPage(tier: string): number {
  const price = llamaParsePrices.find(({ model }) => model === tier)
  if (!price) throw new RangeError(`There is no price for the tier ${tier}.`)
  return Number(price.nanoUsd / nanoUsdPerCredit)
}

/**
 * What LlamaParse charges for these pages. Documented: the tier's price for each page, 3 more with layout, 10 for each form with enriched
 * forms, 5 with high effort of confidence, and 1 for a sheet of a spreadsheet. Guessed: which options bring layout along (charts, fine
 * boxes), what is a form (boxes to tick, lines to fill in), and that a page simple enough for the cost optimizer costs what `cost_effective` does.
 */
export function chargeFor(pages: readonly PricedPage[], request: ParseRequest, fileName: string): number {
  if (isSpreadsheet(fileName)) return pages.length * sheet
  const options = request.processing_options
  const hasLayout =
    Boolean(options?.specialized_chart_parsing) || (request.output_options?.granular_bboxes ?? []).length > 0
  let credits = 0
  for (const { markdown, isCostOptimized } of pages) {
    credits += creditsPerPage(isCostOptimized ? 'cost_effective' : request.tier)
    if (hasLayout) credits += layoutPerPage
    if (options?.confidence_score_effort === 'high') credits += confidencePerPage
    if (options?.forms === 'enrich' && isForm(markdown)) credits += formPerPage
  }
  return credits
}

/** Whether the cost optimizer would take this page for a simple one: it has no table (a guess). */
export function isOptimizable(markdown: string, request: ParseRequest): boolean {
  if (!request.processing_options?.cost_optimizer?.enable) return false
  return splitBlocks(markdown).every(block => block.kind !== 'table')
}

function isForm(markdown: string): boolean {
  return /\[[ xX]\]|_{4,}/.test(markdown)
}

function isSpreadsheet(fileName: string): boolean {
  return /\.(xlsx?|xlsm|xlsb|csv|tsv|ods|numbers)$/i.test(fileName)
}
