import { formatUsd } from '../../contract/format-usd.ts'
import { counted, formatDuration } from '../text/amounts.ts'
import { displayWidth, truncatedInside } from '../text/display-width.ts'
import type { Terminal } from '../text/terminal.ts'
import { deferralWords } from './deferral-words.ts'
import type { IngestRow } from './ingest-row.ts'
import { rowColor, rowState } from './row-state.ts'
import { costOf, summarise } from './summary.ts'

/**
 * The picture of a running ingest, at most `maxLines` lines that fit the terminal: totals, then the rows in which something
 * happens, failures and the newest results, then how many more there are.
 */
export function progressLines(
  rows: readonly IngestRow[],
  elapsedMs: number,
  maxLines: number,
  terminal: Terminal,
): string[] {
  const columns = terminal.columns() - 1
  const fits = rows.length <= maxLines - 1
  const shown = fits ? rows : mostInteresting(rows, Math.max(1, maxLines - 2))
  const lines = [headLine(rows, elapsedMs, terminal), ...shown.map(row => rowLine(row, columns, terminal))]
  return fits ? lines : [...lines, restLine(rows, shown, terminal)]
}

/** What a row's result is: pages, chunks and price, as far as known; or why there is none. */
export function resultOf(row: IngestRow): string {
  if (row.failure) return row.failure.code
  const waits = row.job && deferralWords(row.job)
  if (waits) return waits
  const live = row.document?.live
  if (!row.document || !live) return ''
  const price = formatUsd(costOf(row.document.costs).shadowNanoUsd)
  return `${counted(live.pageCount, 'page')}, ${counted(live.chunkCount, 'chunk')}, would cost ${price}`
}

function headLine(rows: readonly IngestRow[], elapsedMs: number, { colors }: Terminal): string {
  const { shadowNanoUsd } = summarise(rows)
  const over = rows.filter(isOver).length
  const head = `${over}/${rows.length} documents · ${formatDuration(elapsedMs)} · would cost ${formatUsd(shadowNanoUsd)} so far`
  return colors.bold(head)
}

function rowLine(row: IngestRow, columns: number, terminal: Terminal): string {
  const state = rowState(row)
  const result = resultOf(row)
  const label = truncatedInside(row.label, Math.max(10, columns - stateColumns - 6 - displayWidth(result)))
  const tail = result === '' ? '' : `  ${terminal.colors.dim(result)}`
  const line = `  ${rowColor(row, terminal.colors)(state.padEnd(stateColumns))}  ${label}${tail}`
  return displayWidth(line) <= columns ? line : `  ${state.padEnd(stateColumns)}  ${label}`
}

function restLine(rows: readonly IngestRow[], shown: readonly IngestRow[], { colors }: Terminal): string {
  const rest = rows.filter(row => !shown.includes(row))
  const over = rest.filter(isOver).length
  const unsent = rest.filter(row => row.step === 'unsent').length
  const waiting = rest.filter(row => row.job?.state === 'deferred').length
  const remote = rest.filter(row => row.job?.state === 'waiting').length
  const kinds = [
    [over, 'done'],
    [rest.length - over - unsent - waiting - remote, 'at work'],
    [remote, 'at a provider'],
    [waiting, 'waiting'],
    [unsent, 'not sent yet'],
  ] as const
  const parts = kinds.filter(([count]) => count > 0).map(([count, kind]) => `${count} ${kind}`)
  return colors.dim(`  … and ${rest.length} more (${parts.join(', ')})`)
}

/** The most interesting rows, in their own order. */
function mostInteresting(rows: readonly IngestRow[], count: number): IngestRow[] {
  const ranked = rows.map((row, at) => ({ row, at, interest: interestOf(row) }))
  // Of finished rows the last ones, of those to come the next ones.
  ranked.sort((a, b) => a.interest - b.interest || (a.interest === 4 ? b.at - a.at : a.at - b.at))
  return ranked
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row)
}

function interestOf(row: IngestRow): number {
  if (row.job?.state === 'running') return 0
  if (row.step === 'sending') return 1
  if (row.failure) return 2
  if (isOver(row)) return 4
  return row.step === 'following' ? 3 : 5
}

function isOver(row: IngestRow): boolean {
  return row.step === 'finished' || row.step === 'rejected'
}

const stateColumns = 16
