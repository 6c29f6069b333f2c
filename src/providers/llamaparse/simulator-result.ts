import { type Answer, refuse, refuseFields } from './simulator-answer.ts'
import { writeItems } from './simulator-items.ts'
import type { ResultPage, SimulatedJob } from './simulator-job.ts'
import { writeMarkdown, writeText } from './simulator-text.ts'

const needMarkdown = ['markdown', 'markdown_full', 'items', 'forms']
const contents = [...needMarkdown, 'text', 'text_full', 'metadata', 'job_metadata', 'usage', 'raw_parameters']
/** Values of `expand` that bring a link to a file; those with a null have no file here. Names within the answer where documented: md, fullText. */
const files: Record<string, string | null> = {
  markdown_content_metadata: 'md',
  markdown_full_content_metadata: 'markdown_full',
  text_content_metadata: 'fullText',
  text_full_content_metadata: 'text_full',
  items_content_metadata: 'items',
  metadata_content_metadata: 'metadata',
  forms_content_metadata: null,
  raw_words_content_metadata: null,
  xlsx_content_metadata: null,
  output_pdf_content_metadata: null,
  images_content_metadata: null,
  stripped_markdown_content_metadata: null,
  concatenated_stripped_markdown_content_metadata: null,
}

/** What `expand` asks for, given repeatedly or with commas; a refusal where it names something unknown (its shape is a guess). */
export function readExpand(params: URLSearchParams): Set<string> | Answer {
  const names = params.getAll('expand').flatMap(value => value.split(','))
  const asked = new Set(names.map(name => name.trim()).filter(name => name !== ''))
  const unknown = [...asked].filter(name => !contents.includes(name) && !(name in files))
  if (unknown.length === 0) return asked
  const msg = 'Input should be a valid expand value'
  return refuseFields(unknown.map(input => ({ type: 'enum', loc: ['query', 'expand'], msg, input })))
}

/** The fast tier has no Markdown; asking for it is an error, at any time of the job (documented, but for the time). */
export function refuseMarkdown(job: SimulatedJob, expand: ReadonlySet<string>): Answer | null {
  if (job.request.tier !== 'fast') return null
  const asked = [...expand].some(name => needMarkdown.includes(name) || /^(markdown|items|forms)/.test(name))
  return asked ? refuse(400, 'Markdown expansion is not available for FAST tier jobs.') : null
}

/**
 * The parts of a result beside `job`: those asked for when the job has completed, and null for all others (that they are null and not left out
 * is a guess; the SDK's types allow both). `link` makes a download link of a file's name.
 */
export function resultBody(job: SimulatedJob, expand: ReadonlySet<string>, link: (name: string) => string) {
  const isDone = job.status === 'COMPLETED'
  const part = (name: string, write: () => unknown) => (isDone && expand.has(name) ? write() : null)
  const stored = Object.entries(files).filter(([name, file]) => file !== null && isDone && expand.has(name))
  return {
    forms: part('forms', () => ({
      pages: job.pages.map(page => ({ ...pageHead(page), ...(!page.error && { forms: [] }) })),
    })),
    images_content_metadata: part('images_content_metadata', () => ({ total_count: 0, images: [] })),
    items: part('items', () => ({ pages: job.pages.map(itemsOf) })),
    job_metadata: part('job_metadata', () => ({
      job_pages: job.pages.length,
      job_is_cache_hit: job.charge?.credits === 0,
    })),
    markdown: part('markdown', () => ({ pages: job.pages.map(page => markdownOf(job, page)) })),
    markdown_full: part('markdown_full', () => contentOf(job, 'markdown_full')),
    metadata: part('metadata', () => ({ pages: job.pages.map(metadataOf), document: null })),
    raw_parameters: part('raw_parameters', () => job.request),
    result_content_metadata:
      stored.length === 0
        ? null
        : Object.fromEntries(
            stored.map(([, file]) => [
              file,
              {
                size_bytes: new TextEncoder().encode(contentOf(job, String(file))).length,
                exists: true,
                presigned_url: link(String(file)),
              },
            ]),
          ),
    text: part('text', () => ({
      pages: job.pages.map(page => ({ page_number: page.pageNumber, text: textOf(page) })),
    })),
    text_full: part('text_full', () => contentOf(job, 'text_full')),
  }
}

/** The content of a result's file; whole documents have a line between their pages (documented for one format). */
export function contentOf(job: SimulatedJob, file: string): string {
  const between = '\n\n---\n\n'
  const good = job.pages.filter(page => page.error === null)
  if (file === 'items') return JSON.stringify({ pages: job.pages.map(itemsOf) })
  if (file === 'metadata') return JSON.stringify({ pages: job.pages.map(metadataOf) })
  if (file === 'fullText' || file === 'text_full') return good.map(textOf).join(between)
  return good.map(({ markdown }) => writeMarkdown(markdown, job.request.output_options?.markdown)).join(between)
}

function pageHead({ pageNumber, error }: ResultPage) {
  return error === null
    ? { page_number: pageNumber, success: true }
    : { page_number: pageNumber, success: false, error }
}

function markdownOf(job: SimulatedJob, page: ResultPage) {
  if (page.error !== null) return pageHead(page)
  const markdown = writeMarkdown(page.markdown, job.request.output_options?.markdown)
  return { ...pageHead(page), markdown, header: null, footer: null, line_numbers: null }
}

/** Text pages have no sign of failure (the SDK's types): a failed one is empty (a guess). */
function textOf(page: ResultPage): string {
  return page.error === null ? writeText(page.markdown) : ''
}

function itemsOf(page: ResultPage) {
  if (page.error !== null) return pageHead(page)
  return { ...pageHead(page), items: writeItems(page.markdown), page_width: 612, page_height: 792 }
}

function metadataOf({ pageNumber, isCostOptimized, error }: ResultPage) {
  return {
    page_number: pageNumber,
    confidence: error === null ? 1 : 0,
    cost_optimized: isCostOptimized,
    original_orientation_angle: null,
    printed_page_number: null,
    slide_section_name: null,
    speaker_notes: null,
    triggered_auto_mode: false,
  }
}
