import { type Block, splitBlocks } from './simulator-blocks.ts'
import { toHtmlTable } from './simulator-text.ts'

/** A page's structured items: headings, tables, code and text, with the fields of the SDK's types. There are no boxes: nothing was looked at. */
export function writeItems(markdown: string): Record<string, unknown>[] {
  return splitBlocks(markdown)
    .filter(block => block.kind !== 'blank')
    .map(toItem)
}

function toItem(block: Block): Record<string, unknown> {
  const md = block.lines.join('\n')
  switch (block.kind) {
    case 'heading':
      return { type: 'heading', level: block.level, value: block.text, md, bbox: null }
    case 'table':
      return { type: 'table', rows: block.rows, csv: toCsv(block.rows), html: toHtmlTable(block.rows), md, bbox: null }
    case 'code':
      return { type: 'code', value: block.lines.slice(1, -1).join('\n'), language: null, md, bbox: null }
    default:
      return { type: 'text', value: md, md, bbox: null }
  }
}

function toCsv(rows: readonly string[][]): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return rows.map(row => row.map(cell).join(',')).join('\n')
}
