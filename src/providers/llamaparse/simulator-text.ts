import { splitBlocks } from './simulator-blocks.ts'

/** LlamaParse keeps no more of a page's text than this, and does not say so (documented). */
const maxPageBytes = 64 * 1024

interface MarkdownOptions {
  annotate_links?: boolean | null | undefined
  tables?: { output_tables_as_markdown?: boolean | null | undefined } | undefined
}

/**
 * The Markdown of a page as LlamaParse would write it under these options: without them tables are HTML and links only their text
 * (both documented in the SDK; users report such tables).
 */
export function writeMarkdown(markdown: string, options: MarkdownOptions = {}): string {
  const asHtml = !options.tables?.output_tables_as_markdown
  const written = splitBlocks(markdown).map(block => {
    if (block.kind === 'table' && asHtml) return toHtmlTable(block.rows)
    const lines = block.lines.join('\n')
    return block.kind === 'code' || options.annotate_links ? lines : withoutLinks(lines)
  })
  return cutToBytes(written.join('\n'))
}

/** The page as plain text: no marks of Markdown, cells of a table in columns. */
export function writeText(markdown: string): string {
  const written = splitBlocks(markdown).map(block => {
    if (block.kind === 'code') return block.lines.slice(1, -1).join('\n')
    if (block.kind === 'table') return toColumns(block.rows)
    const lines = block.kind === 'heading' ? block.text : block.lines.join('\n')
    return withoutLinks(lines)
      .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/(\*\*|__|\*|`)(\S(?:.*?\S)?)\1/g, '$2')
  })
  return cutToBytes(written.join('\n'))
}

/** A table as HTML, its first row as the head. */
export function toHtmlTable(rows: readonly string[][]): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map(cell => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  const [head = [], ...body] = rows
  const lines = body.map(cells => row(cells, 'td'))
  return ['<table>', '<thead>', row(head, 'th'), '</thead>', '<tbody>', ...lines, '</tbody>', '</table>'].join('\n')
}

function toColumns(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function withoutLinks(text: string): string {
  return text.replaceAll(/(?<!!)\[([^\]]*)\]\([^)\s]*(?:\s"[^"]*")?\)/g, '$1')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cutToBytes(text: string): string {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= maxPageBytes) return text
  return new TextDecoder().decode(bytes.subarray(0, maxPageBytes), { stream: true })
}
