import { formatUsd } from '../../contract/format-usd.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import type { IngestRow } from './ingest-row.ts'
import { printDeferrals } from './print-deferrals.ts'
import { printFailures } from './print-failures.ts'
import { rowColor, rowState } from './row-state.ts'
import { costOf, type IngestSummary, type Simulation, summarise } from './summary.ts'

/** The end of an ingest: a line per document, the totals, and what waits or failed with what to do about it. */
export function printIngest(out: Terminal, rows: readonly IngestRow[]): void {
  const summary = summarise(rows)
  const paid = summary.costNanoUsd !== 0n
  const columns: Column[] = [
    { title: 'Document', flexible: true },
    { title: 'Type' },
    { title: 'Pages', align: 'right' },
    { title: 'Chunks', align: 'right' },
    { title: 'Would cost', align: 'decimal' },
    ...(paid ? [{ title: 'Cost', align: 'decimal' } as const] : []),
    { title: 'State' },
  ]
  printTable(
    out,
    columns,
    rows.map(row => cells(row, paid, out)),
  )
  out.line()
  out.line(out.colors.bold(countLine(summary)))
  if (rows.some(row => row.document)) out.line(out.colors.bold(costLine(summary)))
  const note = simulationNote(summary.simulation)
  if (note) out.line(out.colors.yellow(note))
  for (const row of rows) printRemarks(out, row)
  printDeferrals(out, rows)
  printFailures(out, rows)
}

export function simulationNote(simulation: Simulation): string | null {
  if (simulation === 'all') return 'simulated: no provider was called, nothing was paid'
  return simulation === 'some' ? 'partly simulated: `sluice show <document id>` tells which calls were real' : null
}

function cells(row: IngestRow, paid: boolean, { colors }: Terminal): Cell[] {
  const { document } = row
  const { costNanoUsd, shadowNanoUsd } = costOf(document?.costs ?? [])
  const of = (value: number | undefined) => ({ text: value === undefined ? '–' : value.toLocaleString('en-US') })
  return [
    { text: row.label },
    { text: document?.fileType ?? '–' },
    of(document?.live?.pageCount),
    of(document?.live?.chunkCount),
    { text: document ? formatUsd(shadowNanoUsd) : '–' },
    ...(paid ? [{ text: document ? formatUsd(costNanoUsd) : '–' }] : []),
    { text: rowState(row), paint: rowColor(row, colors) },
  ]
}

function countLine(summary: IngestSummary): string {
  const counts = (['failed', 'rejected', 'cancelled', 'deferred', 'unfinished'] as const)
    .filter(kind => summary[kind] > 0)
    .map(kind => `${summary[kind]} ${kind}`)
  const there = summary.alreadyIngested > 0 ? [`${summary.alreadyIngested} already ingested`] : []
  const what = [counted(summary.documents, 'document')]
  if (summary.pageCount > 0) what.push(counted(summary.pageCount, 'page'), counted(summary.chunkCount, 'chunk'))
  return [what.join(', '), ...there, ...counts].join('; ')
}

function costLine(summary: IngestSummary): string {
  const earlier = summary.earlierShadowNanoUsd
  const part = earlier > 0n ? ` (of it ${formatUsd(earlier)} in earlier runs)` : ''
  const wouldCost = `would have cost ${formatUsd(summary.shadowNanoUsd)} at the real services${part}`
  return summary.costNanoUsd === 0n ? wouldCost : `${wouldCost}; did cost ${formatUsd(summary.costNanoUsd)}`
}

function printRemarks(out: Terminal, row: IngestRow): void {
  for (const note of row.document?.live?.notes ?? [])
    out.line(out.colors.dim(`note on ${row.label}: ${printable(note)}`))
}
