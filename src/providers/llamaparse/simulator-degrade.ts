import type { ReadyFault } from './simulator-faults.ts'
import type { ResultPage } from './simulator-job.ts'
import { readTargetPages } from './simulator-page-ranges.ts'
import { writeText } from './simulator-text.ts'
import { type Tier, tiers } from './simulator-versions.ts'

type Degraded = Extract<ReadyFault, { kind: 'pages_degraded' }>

/** The pages as a tier too low for them makes them: those of the fault come out badly, at tiers below the one that it names. */
export function degradePages<Page extends Pick<ResultPage, 'pageNumber' | 'markdown'>>(
  pages: readonly Page[],
  tier: Tier,
  fault: Degraded,
): Page[] {
  if (tiers.indexOf(tier) >= tiers.indexOf(fault.below)) return [...pages]
  const named = readTargetPages(fault.pages)
  const { as } = fault
  const isHit = ({ pageNumber }: Page) => Array.isArray(named) && named.includes(pageNumber)
  if (as === 'missing') return pages.filter(page => !isHit(page))
  return pages.map(page => (isHit(page) ? { ...page, markdown: spoil(page.markdown, as) } : page))
}

function spoil(markdown: string, as: Exclude<Degraded['as'], 'missing'>): string {
  if (as === 'empty') return ''
  if (as === 'garbled') return markdown.replaceAll(/\p{L}/gu, '\uFFFD')
  return writeText(markdown)
}
