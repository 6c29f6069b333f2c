import type { TextBudget } from './text-limit.ts'

/**
 * A markdown pipe table; the first row is its header. Short rows are filled up, line breaks and pipes inside of cells are
 * made safe. Returns '' for no rows. The budget stops a table that grows too large.
 */
export function pipeTable(rows: readonly (readonly string[])[], budget: TextBudget): string {
  const columnCount = rows.reduce((most, row) => Math.max(most, row.length), 0)
  if (columnCount === 0) return ''
  const lines: string[] = []
  for (const row of rows) {
    const cells = Array.from({ length: columnCount }, (_, i) => safeCell(row[i] ?? ''))
    lines.push(budget.spend(`| ${cells.join(' | ')} |`))
    if (lines.length === 1) lines.push(`|${' --- |'.repeat(columnCount)}`)
  }
  return lines.join('\n')
}

function safeCell(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')
}
