import type { PageTraits } from './page-traits.ts'

/** Replacement, private-use and control characters, and the glyph names that PDF readers give for glyphs without a character. */
const garbled = /\uFFFD|\p{Co}|(?![\t\n\r])\p{Cc}|\(cid:\d+\)|\/g\d+(?=\W)/gu

/** Measures a page of Markdown: its characters (white space not counted), its pipe tables, and what in it is no text. */
export function measureMarkdown(
  markdown: string,
): Pick<PageTraits, 'characters' | 'tables' | 'tableShare' | 'garbledShare'> {
  const characters = markdown.replace(/\s+/g, '').length
  const rows = markdown.split('\n').filter(line => /^\s*\|.*\|\s*$/.test(line))
  // A line of dashes under its header makes a table.
  const tables = rows.filter(line => /^\s*\|(\s*:?-{2,}:?\s*\|)+\s*$/.test(line)).length
  const inTables = tables === 0 ? 0 : rows.join('').replace(/[\s|-]+/g, '').length
  const broken = (markdown.match(garbled) ?? []).reduce((sum, part) => sum + part.length, 0)
  const share = (part: number) => (characters === 0 ? 0 : Math.min(1, part / characters))
  return { characters, tables, tableShare: share(inTables), garbledShare: share(broken) }
}
