import { formatUsd } from '../../contract/money.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, tableLines } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { type IngestRow, isParked } from './ingest-row.ts'
import { rowColor, rowState } from './row-state.ts'
import { costOf, type IngestSummary, type Simulation, summarise } from './summary.ts'

/** The end of an ingest: a line per document, the totals, and what failed with what to do about it. */
export function printIngest(out: Terminal, rows: readonly IngestRow[]): void {
  const summary = summarise(rows)
  const paid = summary.costNanoUsd !== 0n
  const columns: Column[] = [
    { title: 'Document', flexible: true },
    { title: 'Type' },
    { title: 'Pages', align: 'right' },
    { title: 'Chunks', align: 'right' },
    { title: 'Would cost', align: 'right' },
    ...(paid ? [{ title: 'Cost', align: 'right' } as const] : []),
    { title: 'State' },
  ]
  for (const line of tableLines(
    columns,
    rows.map(row => cells(row, paid, out)),
    out,
  ))
    out.line(line)
  out.line()
  for (const line of totalLines(summary)) out.line(out.colors.bold(line))
  const note = simulationNote(summary.simulation)
  if (note) out.line(out.colors.yellow(note))
  for (const row of rows) printRemarks(out, row)
  for (const row of rows) printRowFailure(out, row)
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

function totalLines(summary: IngestSummary): string[] {
  const counts = (['failed', 'rejected', 'cancelled', 'unfinished'] as const)
    .filter(kind => summary[kind] > 0)
    .map(kind => `${summary[kind]} ${kind}`)
  const there = summary.alreadyIngested > 0 ? [`${summary.alreadyIngested} already ingested`] : []
  const what = [
    counted(summary.documents, 'document'),
    counted(summary.pageCount, 'page'),
    counted(summary.chunkCount, 'chunk'),
  ]
  const earlier = summary.earlierShadowNanoUsd
  const part = earlier > 0n ? ` (of it ${formatUsd(earlier)} in earlier runs)` : ''
  const costs = [`would have cost ${formatUsd(summary.shadowNanoUsd)} at the real services${part}`]
  if (summary.costNanoUsd !== 0n) costs.push(`did cost ${formatUsd(summary.costNanoUsd)}`)
  return [[what.join(', '), ...there, ...counts].join('; '), costs.join('; ')]
}

function printRemarks(out: Terminal, row: IngestRow): void {
  for (const note of row.document?.live?.notes ?? [])
    out.line(out.colors.dim(`note on ${row.label}: ${printable(note)}`))
  if (row.job && isParked(row.job)) {
    out.line(
      out.colors.yellow(
        `${row.label} is deferred${row.job.wakeAt ? ` until ${row.job.wakeAt}` : ''}; it goes on by itself`,
      ),
    )
  }
}

function printRowFailure(out: Terminal, row: IngestRow): void {
  if (row.failure === null) return
  const { code, message, action, correlationId } = row.failure
  const stage = row.step === 'rejected' || !row.job ? '' : ` at ${row.job.stage}`
  out.line()
  out.line(`${out.colors.red(`${row.step === 'rejected' ? 'rejected' : 'failed'}${stage}:`)} ${row.label}`)
  out.line(`  ${printable(message)}`)
  out.line(`  what to do: ${printable(action)}`)
  const reference = [code, correlationId, row.job && `job ${row.job.jobId}`].filter(Boolean).join(', ')
  out.line(out.colors.dim(`  (${reference})`))
}
