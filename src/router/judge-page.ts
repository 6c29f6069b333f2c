import type { PageTraits } from '../contract/page-traits.ts'
import type { PageKind } from '../contract/routing.ts'

/** From this share of unreadable characters on, a page is not worth being searched; clean text has none. */
export const garbledFrom = 0.05
/** From this share of characters in tables on, the layout is what the page is about. */
const tablesFrom = 0.3

/** What a page is like, as far as it matters to who should read it. */
export function judgePage(page: PageTraits): PageKind {
  if (page.picture) return page.wasRead === 'ocr' ? 'scanned' : 'unread'
  if (page.characters === 0) return 'empty'
  if (page.garbledShare >= garbledFrom) return 'garbled'
  return page.tables > 0 && page.tableShare >= tablesFrom ? 'tables' : 'simple'
}
