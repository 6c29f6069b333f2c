import { AppError } from '../../contract/failure.ts'
import type { ParsedPage } from '../../contract/page.ts'
import type { ParseOutput } from '../../contract/parse-service.ts'
import { failureOfJob } from './parse-errors.ts'
import type { JobReply } from './parse-reply.ts'

/** LlamaParse keeps 64 KB of a page's text; whether a KB has 1,000 or 1,024 bytes is not documented, and a cut can take 3 bytes more. */
const maxPageBytes = 64_000 - 3

/**
 * The pages of a completed job, ascending, with remarks on those that failed or may be cut; or why there are none. Fails with
 * `provider_reply_malformed` when the content is missing or names a page twice.
 */
export function readResult(
  reply: JobReply,
  documentId: string,
): { output: ParseOutput; failure: null } | { output: null; failure: AppError } {
  const { job, job_metadata: metadata } = reply
  const what = `Job ${job.id} of LlamaParse, for document ${documentId},`
  const all = listPages(reply)
  if (all === null) throw malformed(`${what} has completed, but its content did not come`)
  if (new Set(all.map(({ pageNumber }) => pageNumber)).size < all.length)
    throw malformed(`${what} came with a page twice`)
  const pages = all.filter((page): page is ParsedPage => page.markdown !== null)
  const failed = all.filter(({ markdown }) => markdown === null).map(({ pageNumber }) => pageNumber)
  if (failed.length > 0 && pages.length === 0) {
    const failure = failureOfJob(null, job.id, documentId)
    return { output: null, failure: new AppError(failure.code, `${failure.message} All pages failed.`) }
  }
  if (pages.every(({ markdown }) => markdown.trim() === ''))
    return { output: null, failure: new AppError('document_without_text', `${what} found no text.`) }
  const cut = pages.filter(({ markdown }) => Buffer.byteLength(markdown) >= maxPageBytes)
  const notes = [
    ...sayOf(failed, `missing, since LlamaParse failed on ${failed.length > 1 ? 'them' : 'it'}`),
    ...sayOf(
      cut.map(({ pageNumber }) => pageNumber),
      "as long as LlamaParse's limit of 64 KB of text, and may be cut",
    ),
    ...(metadata?.job_is_cache_hit ? ['LlamaParse took the result from its cache.'] : []),
  ]
  return { output: { pages, notes }, failure: null }
}

/** All pages in order, those that failed without text; null when there is no content. */
function listPages({ markdown, text }: JobReply): { pageNumber: number; markdown: string | null }[] | null {
  const pages =
    markdown?.pages.map(page => ({
      pageNumber: page.page_number,
      markdown: page.success === false ? null : (page.markdown ?? null),
    })) ?? text?.pages.map(page => ({ pageNumber: page.page_number, markdown: page.text }))
  return pages?.sort((a, b) => a.pageNumber - b.pageNumber) ?? null
}

function sayOf(pages: readonly number[], what: string): string[] {
  if (pages.length === 0) return []
  const more = pages.length > 20 ? ` and ${pages.length - 20} more` : ''
  const many = pages.length > 1
  return [`Page${many ? 's' : ''} ${pages.slice(0, 20).join(', ')}${more} ${many ? 'are' : 'is'} ${what}.`]
}

function malformed(what: string): AppError {
  return new AppError('provider_reply_malformed', `${what}.`)
}
