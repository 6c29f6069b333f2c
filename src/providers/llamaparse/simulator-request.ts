import { z } from 'zod'
import { readTargetPages } from './simulator-page-ranges.ts'
import { tiers, versionsByTier } from './simulator-versions.ts'
import { inlineWebhookSchema } from './simulator-webhook-schema.ts'

const flag = z.boolean().nullish()
const text = z.string().nullish()
const ratio = z.number().min(0).max(1).nullish()
const chartModes = ['agentic', 'agentic_plus', 'efficient'] as const

const inputOptions = z.strictObject({
  html: z
    .strictObject({ make_all_elements_visible: flag, remove_fixed_elements: flag, remove_navigation_elements: flag })
    .optional(),
  image: z.strictObject({ camera_photo_correction: flag }).optional(),
  pdf: z.strictObject({}).optional(),
  presentation: z.strictObject({ out_of_bounds_content: flag, skip_embedded_data: flag }).optional(),
  spreadsheet: z
    .strictObject({
      detect_sub_tables_in_sheets: flag,
      force_formula_computation_in_sheets: flag,
      include_hidden_sheets: flag,
    })
    .optional(),
})

const outputOptions = z.strictObject({
  additional_outputs: z.array(z.enum(['stripped_md', 'concatenated_stripped_txt', 'word_bbox'])).optional(),
  extract_printed_page_number: flag,
  granular_bboxes: z.array(z.enum(['cell', 'line', 'word'])).optional(),
  images_to_save: z.array(z.enum(['embedded', 'layout', 'screenshot'])).nullish(),
  markdown: z
    .strictObject({
      annotate_line_numbers: flag,
      annotate_links: flag,
      annotate_revisions: flag,
      inline_images: flag,
      tables: z
        .strictObject({
          compact_markdown_tables: flag,
          markdown_table_multiline_separator: text,
          merge_continued_tables: flag,
          output_tables_as_markdown: flag,
        })
        .optional(),
    })
    .optional(),
  save_output_pdf: flag,
  spatial_text: z
    .strictObject({
      do_not_unroll_columns: flag,
      preserve_layout_alignment_across_pages: flag,
      preserve_very_small_text: flag,
    })
    .optional(),
  tables_as_spreadsheet: z.strictObject({ enable: flag, guess_sheet_name: z.boolean().optional() }).optional(),
})

const processingOptions = z.strictObject({
  aggressive_table_extraction: flag,
  auto_mode_configuration: z.array(z.looseObject({ parsing_conf: z.looseObject({}) })).nullish(),
  confidence_score_effort: z.literal('high').nullish(),
  cost_optimizer: z.strictObject({ enable: flag }).nullish(),
  disable_heuristics: flag,
  forms: z.enum(['default', 'enrich']).nullish(),
  ignore: z
    .strictObject({ ignore_diagonal_text: flag, ignore_hidden_text: flag, ignore_text_in_image: flag })
    .optional(),
  ocr_parameters: z.strictObject({ languages: z.array(z.string()).nullish() }).optional(),
  specialized_chart_parsing: z.enum(chartModes).nullish(),
})

const processingControl = z.strictObject({
  job_failure_conditions: z
    .strictObject({
      allowed_page_failure_ratio: ratio,
      fail_on_buggy_font: flag,
      fail_on_image_extraction_error: flag,
      fail_on_image_ocr_error: flag,
      fail_on_markdown_reconstruction_error: flag,
    })
    .optional(),
  timeouts: z
    .strictObject({
      base_in_seconds: z.int().min(1).max(7200).nullish(),
      extra_time_per_page_in_seconds: z.int().min(0).max(300).nullish(),
    })
    .optional(),
})

const targetPages = z.string().superRefine((value, context) => {
  const pages = readTargetPages(value)
  if (!Array.isArray(pages)) context.addIssue({ code: 'custom', message: pages.fault })
})

const fields = {
  tier: z.enum(tiers),
  version: z.string(),
  agentic_options: z.strictObject({ custom_prompt: text }).nullish(),
  client_name: text,
  configuration_id: text,
  crop_box: z.strictObject({ bottom: ratio, left: ratio, right: ratio, top: ratio }).optional(),
  disable_cache: flag,
  fast_options: z.strictObject({}).nullish(),
  input_options: inputOptions.optional(),
  output_options: outputOptions.optional(),
  page_ranges: z.strictObject({ max_pages: z.int().min(1).nullish(), target_pages: targetPages.nullish() }).optional(),
  processing_control: processingControl.optional(),
  processing_options: processingOptions.optional(),
  user_metadata: z.record(z.string(), z.string()).nullish(),
  webhook_configuration_ids: z.array(z.string()).nullish(),
  webhook_configurations: z.array(inlineWebhookSchema).optional(),
}

/** What a tier cannot do is told as the real service tells it: as a fault of the value. The wording is a guess. */
function checkTier(request: z.infer<typeof uploadFields>, context: z.RefinementCtx): void {
  const { tier, version, processing_options: processing } = request
  const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
  if (version !== 'latest' && !versionsByTier[tier].includes(version))
    fault(['version'], `Version '${version}' is not supported for tier '${tier}'.`)
  const isAgentic = tier === 'agentic' || tier === 'agentic_plus'
  if (processing?.cost_optimizer?.enable && !isAgentic)
    fault(['processing_options', 'cost_optimizer'], `Cost optimizer is not available for tier '${tier}'.`)
  if (processing?.forms === 'enrich' && tier === 'fast')
    fault(['processing_options', 'forms'], "Forms are not available for tier 'fast'.")
}

function checkSource(request: { file_id?: unknown; source_url?: unknown }, context: z.RefinementCtx): void {
  if (Boolean(request.file_id) === Boolean(request.source_url))
    context.addIssue({ code: 'custom', message: 'Exactly one of file_id and source_url must be provided' })
}

const uploadFields = z.strictObject(fields)

/**
 * The `configuration` of POST /api/v2/parse/upload, with the fields, limits and values of the official SDK's types. Unknown fields are
 * refused at the top, which is documented, and further in, which is a guess on the strict side.
 */
export const uploadSchema = uploadFields.superRefine(checkTier)

/** The body of POST /api/v2/parse: the same, and where the file is. */
export const createSchema = z
  .strictObject({ ...fields, file_id: text, source_url: z.url().nullish(), http_proxy: text })
  .superRefine(checkSource)
  .superRefine(checkTier)

/** A checked request, with no more than both ways of creating a job have in common. */
export type ParseRequest = z.infer<typeof uploadSchema>
