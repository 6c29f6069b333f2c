import type { ParsedPage } from '../contract/page.ts'
import type { ParseOutput } from '../contract/parse-service.ts'
import type { PagePlan } from './plan-pages.ts'

/** What was read here with the paid pages in it; a page that the provider did not give stays as it was read here. */
export function mergePages(local: ParseOutput, paid: ParseOutput, plan: Pick<PagePlan, 'paid'>): ParseOutput {
  const bought = new Map(paid.pages.map(page => [page.pageNumber, page]))
  const isPaid = new Set(plan.paid)
  const pages: ParsedPage[] = local.pages.map(page =>
    isPaid.has(page.pageNumber) ? (bought.get(page.pageNumber) ?? page) : page,
  )
  const known = new Set(pages.map(page => page.pageNumber))
  const more = paid.pages.filter(page => !known.has(page.pageNumber))
  return { pages: [...pages, ...more].sort((a, b) => a.pageNumber - b.pageNumber), notes: [...paid.notes] }
}

export function keepPages(output: ParseOutput, pageNumbers: readonly number[]): ParseOutput {
  return { ...output, pages: output.pages.filter(page => pageNumbers.includes(page.pageNumber)) }
}
