import { measureMarkdown } from '../contract/measure-markdown.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import { garbledFrom } from './judge-page.ts'

export interface PageFault {
  pageNumber: number
  fault: 'missing' | 'empty' | 'garbled' | 'table_lost'
  detail: string
  /** Above 0; what has more of it is worse to search in. */
  severity: number
}

/** A table smaller than this share of its page may be a misreading here. */
const certainTable = 0.2

/**
 * Compares what a provider made of pages with what was measured here: pages that are missing or empty although there is text, text that is
 * none, and tables that are gone. Pure.
 */
export function checkParseQuality(pages: readonly ParsedPage[], traits: readonly PageTraits[]): PageFault[] {
  const byNumber = new Map(pages.map(page => [page.pageNumber, page.markdown]))
  return traits.flatMap(trait => {
    const found = faultOf(byNumber.get(trait.pageNumber), trait)
    return found ? [{ pageNumber: trait.pageNumber, ...found }] : []
  })
}

function faultOf(markdown: string | undefined, trait: PageTraits): Omit<PageFault, 'pageNumber'> | null {
  const hasText = trait.characters > 0
  if (markdown === undefined)
    return hasText
      ? { fault: 'missing', detail: 'the provider gave no such page; what was read here stands', severity: 0.5 }
      : null
  const { characters, tables, garbledShare } = measureMarkdown(markdown)
  if (characters === 0 && hasText)
    return {
      fault: 'empty',
      detail: `the provider gave nothing, ${trait.characters} characters were read here`,
      severity: 3,
    }
  if (garbledShare >= garbledFrom)
    return {
      fault: 'garbled',
      detail: `${Math.round(garbledShare * 100)} % of its characters cannot be read`,
      severity: 1 + garbledShare,
    }
  if (
    tables === 0 &&
    trait.tables > 0 &&
    trait.tableShare >= certainTable &&
    trait.wasRead === 'text' &&
    !markdown.includes('<table')
  )
    return {
      fault: 'table_lost',
      detail: `${trait.tables} table(s) were found here, and none by the provider`,
      severity: 1,
    }
  return null
}
