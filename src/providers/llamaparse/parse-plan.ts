import { hash } from 'node:crypto'
import { AppError } from '../../contract/failure.ts'
import type { ParseOptions, ParseTier } from '../../contract/parse-options.ts'
import { canonicalJson, type Fields, fieldOf, mergeFields } from './merge-fields.ts'
import { type PageSelection, readPageRanges, writeTargetPages } from './page-selection.ts'
import type { LlamaParseOptions } from './parse-client-options.ts'

/** How one document is parsed: what is left when the server's options, the document's and the defaults have been laid over each other. */
export interface ParsePlan extends PageSelection {
  tier: ParseTier
  version: string
  /** Fields of LlamaParse's request, without those that `writeConfiguration` sets. */
  fields: Fields
}

type PlanOptions = Pick<LlamaParseOptions, 'tier' | 'version' | 'options'>

/**
 * Fields of LlamaParse's request that nobody but the client may set: they say what is parsed, how it is paid (the cache for 48 hours is a
 * guard against paying twice), and how a job is found again.
 */
export const reservedFields: readonly string[] = [
  'client_name',
  'configuration_id',
  'disable_cache',
  'file_id',
  'http_proxy',
  'source_url',
  'tier',
  'user_metadata',
  'webhook_configuration_ids',
  'webhook_configurations',
]

/** Why these fields cannot be taken; null when they can. */
export function checkFields(fields: Fields, alsoReserved: readonly string[] = []): string | null {
  const names = Object.keys(fields).filter(name => reservedFields.includes(name) || alsoReserved.includes(name))
  return names.length === 0 ? null : `${names.join(', ')} cannot be set here; Sluice sets it by itself.`
}

/** Fails with `validation_failed` where a document's options cannot be taken. */
export function planParse(asked: ParseOptions, server: PlanOptions): ParsePlan {
  const own = asked.options ?? {}
  const fault = checkFields(own)
  if (fault) throw new AppError('validation_failed', `options: ${fault}`)
  const tier = asked.tier ?? server.tier
  const { version, page_ranges, ...fields } = mergeFields(
    // Tables come as HTML otherwise (users report it). The fast tier has no Markdown.
    tier === 'fast' ? {} : { output_options: { markdown: { tables: { output_tables_as_markdown: true } } } },
    server.options ?? {},
    own,
    asked.languages ? { processing_options: { ocr_parameters: { languages: asked.languages } } } : {},
  )
  const latest = tier === server.tier ? (server.version ?? 'latest') : 'latest'
  return { tier, version: readVersion(version) ?? latest, fields, ...readSelection(asked.pages, page_ranges) }
}

/** The `configuration` of a request for a plan: no more than `units` pages, and how long LlamaParse may take for them. */
export function writeConfiguration(
  plan: ParsePlan,
  units: number,
  { baseMs, perPageMs }: LlamaParseOptions['deadline'],
) {
  const targetPages = writeTargetPages(plan.ranges, units)
  const timeouts = {
    base_in_seconds: clamp(baseMs / 1000, 1, 7200),
    extra_time_per_page_in_seconds: clamp(perPageMs / 1000, 0, 300),
  }
  return {
    ...mergeFields(plan.fields, { processing_control: { timeouts } }),
    tier: plan.tier,
    version: plan.version,
    page_ranges: { max_pages: units, ...(targetPages !== null && { target_pages: targetPages }) },
  }
}

/** Names what a result depends on; how long it may take and how it is announced do not count. */
export function nameVariant({ tier, version, fields, ranges, maxPages }: ParsePlan, simulated: boolean): string {
  const digest = hash('sha256', canonicalJson({ fields, ranges, maxPages }), 'hex').slice(0, 16)
  return `llamaparse/${tier}/${version}${simulated ? ';simulated' : ''};options=${digest}`
}

function readVersion(version: unknown): string | undefined {
  if (version === undefined || version === null) return undefined
  if (typeof version === 'string' && /^[\w.-]{1,40}$/.test(version)) return version
  throw new AppError('validation_failed', 'options: version is to be `latest` or a day, e.g. 2026-08-19.')
}

function readSelection(pages: string | undefined, pageRanges: unknown): PageSelection {
  const targets = pages ?? fieldOf(pageRanges, 'target_pages') ?? null
  const ranges = typeof targets === 'string' ? readPageRanges(targets) : null
  if (targets !== null && ranges === null)
    throw new AppError('validation_failed', 'pages: these are no pages as in 1,3,5-8 (from 1 on, a range upwards).')
  const maxPages = fieldOf(pageRanges, 'max_pages') ?? null
  if (maxPages !== null && !(Number.isSafeInteger(maxPages) && Number(maxPages) >= 1))
    throw new AppError('validation_failed', 'options: page_ranges.max_pages is to be a whole number from 1 on.')
  return { ranges, maxPages: maxPages as number | null }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.floor(value), least), most)
}
