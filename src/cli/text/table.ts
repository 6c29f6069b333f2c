import type { Formatter } from 'picocolors/types.js'
import { displayWidth, truncatedInside } from './display-width.ts'
import type { Terminal } from './terminal.ts'

export interface Column {
  title: string
  align?: 'right'
  /** The column that gives way when the terminal is too narrow. */
  flexible?: true
}
/** A cell's text must be printable; `paint` colours it after it has been cut and padded. */
export interface Cell {
  text: string
  paint?: Formatter
}

/** Aligned lines: the titles, then the rows. On a terminal the flexible column is cut so that no line wraps. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminal: Terminal,
): string[] {
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...rows.map(row => displayWidth(row[i]?.text ?? ''))),
  )
  if (terminal.isTerminal) fit(columns, widths, terminal.columns() - 1)
  const line = (cells: readonly Cell[]) =>
    columns
      .map((column, i) => paddedCell(cells[i] ?? { text: '' }, column, widths[i] ?? 0, i === columns.length - 1))
      .join(gap)
      .trimEnd()
  return [line(columns.map(({ title }) => ({ text: title, paint: terminal.colors.dim }))), ...rows.map(line)]
}

function fit(columns: readonly Column[], widths: number[], available: number): void {
  const excess = widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1) - available
  const flexible = columns.findIndex(column => column.flexible)
  const width = widths[flexible]
  if (excess > 0 && width !== undefined) widths[flexible] = Math.max(Math.min(12, width), width - excess)
}

function paddedCell(cell: Cell, column: Column, width: number, last: boolean): string {
  const text = column.flexible ? truncatedInside(cell.text, width) : cell.text
  const padding = ' '.repeat(Math.max(0, width - displayWidth(text)))
  const painted = cell.paint ? cell.paint(text) : text
  if (column.align === 'right') return padding + painted
  return last ? painted : painted + padding
}

const gap = '  '
