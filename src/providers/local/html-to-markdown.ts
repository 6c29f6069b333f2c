import TurndownService from 'turndown'
import { AppError } from '../../contract/failure.ts'
import { pipeTable } from './pipe-table.ts'
import type { TextBudget } from './text-limit.ts'

// Cells and rows travel through the conversion as text that ends in these private marks; the table takes them apart.
const CELL_END = '\uE0F1'
const ROW_END = '\uE0F2'
const CAPTION_END = '\uE0F3'
const MAX_COLUMN_SPAN = 100
const DROPPED = ['title', 'script', 'style', 'noscript', 'template', 'nav', 'iframe', 'object', 'select', 'button']

/**
 * Markdown of an HTML document or fragment: headings, lists, links as text and address, code, and every table as a pipe
 * table. Scripts, styles, navigation and pictures are dropped (a picture leaves its `alt` text). Loads nothing.
 */
export function htmlToMarkdown(html: string, budget: TextBudget): string {
  try {
    return createService(budget)
      .turndown(html.replace(/[\uE0F1-\uE0F3]/g, ''))
      .trim()
  } catch (error) {
    if (error instanceof RangeError)
      throw new AppError('document_corrupt', 'The elements are nested too deeply to be read', { cause: error })
    throw error
  }
}

function createService(budget: TextBudget): TurndownService {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    emDelimiter: '*',
    blankReplacement: (_, node) => blank(node),
  })
  // Only what would change the structure is escaped: backslashes inside of words would spoil the search.
  service.escape = text => text.replace(/^(\s*)(#{1,6}\s|```|~~~)/, '$1\\$2')
  service.remove(DROPPED)
  service.remove((node: Element) => node.nodeName.toLowerCase() === 'svg' || node.getAttribute('role') === 'navigation')
  service.addRule('picture', {
    filter: 'img',
    replacement: (_, node: Element) => (node.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim(),
  })
  service.addRule('link', { filter: 'a', replacement: link })
  const positions = new WeakMap<Element, number>()
  service.addRule('listItem', { filter: 'li', replacement: (content, node) => listItem(content, node, positions) })
  service.addRule('cell', { filter: ['td', 'th'], replacement: cell })
  service.addRule('row', { filter: 'tr', replacement: content => content + ROW_END })
  service.addRule('rows', { filter: ['thead', 'tbody', 'tfoot'], replacement: content => content })
  service.addRule('caption', { filter: 'caption', replacement: content => content + CAPTION_END })
  service.addRule('table', { filter: 'table', replacement: (content, node) => table(content, node, budget) })
  return service
}

/** The members used of the DOM that turndown brings along; TypeScript's DOM types are not loaded here. */
interface Element {
  nodeName: string
  parentNode: Element | null
  previousElementSibling: Element | null
  isBlock: boolean
  getAttribute(name: string): string | null
}

/** Of an element without content: an empty cell has to keep its place. */
function blank(node: Element): string {
  if (node.nodeName === 'TD' || node.nodeName === 'TH') return cell('', node)
  if (node.nodeName === 'TR') return ROW_END
  return node.isBlock ? '\n\n' : ''
}

function link(content: string, node: Element): string {
  const text = content.replace(/\s+/g, ' ').trim()
  const address = node.getAttribute('href')?.trim() ?? ''
  if (text === '' || address === '' || /^(#|javascript:|data:|vbscript:)/i.test(address)) return content
  return `[${text}](${address.replace(/[\s()<>]/g, encodeURIComponent)})`
}

function listItem(content: string, node: Element, positions: WeakMap<Element, number>): string {
  const marker = node.parentNode?.nodeName === 'OL' ? `${positionInList(node, positions)}. ` : '- '
  const text = content
    .trim()
    .replace(/\n{2,}(?=\s*(?:-|\d+\.) )/g, '\n')
    .replace(/\n(?!\n|$)/g, `\n${' '.repeat(marker.length)}`)
  return `\n${marker}${text}\n`
}

/** Items are converted in order, so each finds the position of the one before it, and a long list costs no more. */
function positionInList(node: Element, positions: WeakMap<Element, number>): number {
  let previous = node.previousElementSibling
  while (previous !== null && previous.nodeName !== 'LI') previous = previous.previousElementSibling
  const start = Number.parseInt(node.parentNode?.getAttribute('start') ?? '1', 10) || 1
  const position = previous === null ? start : (positions.get(previous) ?? start) + 1
  positions.set(node, position)
  return position
}

function cell(content: string, node: Element): string {
  const span = Number.parseInt(node.getAttribute('colspan') ?? '1', 10) || 1
  return content.replace(/\s+/g, ' ').trim() + CELL_END.repeat(Math.min(Math.max(span, 1), MAX_COLUMN_SPAN))
}

function table(content: string, node: Element, budget: TextBudget): string {
  const [caption = '', body = ''] = content.includes(CAPTION_END) ? content.split(CAPTION_END, 2) : ['', content]
  const rows = body.split(ROW_END).map(row => row.split(CELL_END).slice(0, -1))
  const cells = rows.filter(row => row.some(text => text.trim() !== ''))
  const lines = [caption.replace(/\s+/g, ' ').trim(), ...cells.flat()].filter(text => text !== '')
  // A table in a cell, or one for the layout only, is not a table to a reader.
  if (isInCell(node)) return ` ${lines.join(' ')} `
  if (cells.every(row => row.length <= 1)) return `\n\n${lines.join('\n\n')}\n\n`
  return `\n\n${caption.trim()}\n\n${pipeTable(cells, budget)}\n\n`
}

function isInCell(node: Element): boolean {
  for (let e = node.parentNode; e !== null; e = e.parentNode)
    if (e.nodeName === 'TD' || e.nodeName === 'TH') return true
  return false
}
