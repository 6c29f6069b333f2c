import type { Formatter } from 'picocolors/types.js'
import { displayWidth, truncatedInside } from './display-width.ts'
import type { Terminal } from './terminal.ts'

export interface Column {
  title: string
  /** `decimal`: to the right, with the decimal points under each other. */
  align?: 'right' | 'decimal'
  /** The column that gives way when the terminal is too narrow. */
  flexible?: true
}
/** A cell's text must be printable; `paint` colours it after it has been cut and padded. */
export interface Cell {
  text: string
  paint?: Formatter
}

/** Prints aligned lines: the titles, then the rows. On a terminal the flexible column is cut so that no line wraps. */
export function printTable(out: Terminal, columns: readonly Column[], given: readonly (readonly Cell[])[]): void {
  const rows = columns.reduce(
    (aligned, column, i) => (column.align === 'decimal' ? alignDecimals(aligned, i) : aligned),
    given,
  )
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...rows.map(row => displayWidth(row[i]?.text ?? ''))),
  )
  if (out.isTerminal) fit(columns, widths, out.columns() - 1)
  for (const row of [columns.map(({ title }) => ({ text: title, paint: out.colors.dim })), ...rows]) {
    const cells = columns.map((column, i) => paddedCell(row[i], column, widths[i] ?? 0, i === columns.length - 1))
    out.line(cells.join(gap).trimEnd())
  }
}

function alignDecimals(rows: readonly (readonly Cell[])[], column: number): Cell[][] {
  const fraction = (text: string) => (text.includes('.') ? text.length - text.indexOf('.') : 0)
  const most = Math.max(0, ...rows.map(row => fraction(row[column]?.text ?? '')))
  return rows.map(row =>
    row.map((cell, i) => (i === column ? { ...cell, text: cell.text + ' '.repeat(most - fraction(cell.text)) } : cell)),
  )
}

function fit(columns: readonly Column[], widths: number[], available: number): void {
  const excess = widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1) - available
  const flexible = columns.findIndex(column => column.flexible)
  const width = widths[flexible]
  if (excess > 0 && width !== undefined) widths[flexible] = Math.max(Math.min(12, width), width - excess)
}

function paddedCell(cell: Cell | undefined, column: Column, width: number, last: boolean): string {
  if (cell === undefined) return ' '.repeat(width)
  const text = column.flexible ? truncatedInside(cell.text, width) : cell.text
  const padding = ' '.repeat(Math.max(0, width - displayWidth(text)))
  const painted = cell.paint ? cell.paint(text) : text
  if (column.align) return padding + painted
  return last ? painted : painted + padding
}

const gap = '  '
