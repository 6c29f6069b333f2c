import { formatUsd } from '../../contract/format-usd.ts'
import type { Reconciliation } from '../../contract/reconciliation.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

const columns: Column[] = [
  { title: 'Day' },
  { title: 'Provider' },
  { title: 'Service' },
  { title: 'Model', flexible: true },
  { title: 'Ours', align: 'decimal' },
  { title: 'Theirs', align: 'decimal' },
  { title: 'Booked', align: 'decimal' },
  { title: 'Drift', align: 'decimal' },
  { title: 'Verdict' },
]

const verdicts = {
  equal: 'equal',
  rounding: 'only rounding',
  drift: 'drift',
  not_reported: 'not reported yet',
  unknown_to_us: 'unknown to us',
} as const

/** A line for each day, provider, service and model, and what was booked. */
export function printReconciliation(out: Terminal, report: Reconciliation): void {
  if (report.providers.length === 0) {
    out.line('nothing to compare with: no key for a usage report is set (OPENAI_ADMIN_KEY, LLAMA_CLOUD_API_KEY)')
    return
  }
  const asked = `${report.providers.join(' and ')}, ${report.from} to ${report.to} (UTC)`
  if (report.rows.length === 0) {
    out.line(`${asked}: neither the books nor the reports have anything`)
    return
  }
  printTable(
    out,
    columns,
    report.rows.map(row => cells(row, out)),
  )
  out.line()
  const due = report.rows.filter(row => row.adjustmentNanoUsd !== null).length
  out.line(asked)
  if (report.booked > 0) out.line(`${counted(report.booked, 'adjustment')} booked`)
  else if (due > 0) out.line(`${counted(due, 'difference')} can be booked with --book`)
  else out.line('nothing to book')
}

function cells(row: Reconciliation['rows'][number], { colors }: Terminal): Cell[] {
  const strange = row.verdict === 'drift' || row.verdict === 'unknown_to_us'
  return [
    { text: row.day },
    { text: printable(row.provider) },
    { text: row.operation },
    { text: printable(row.model ?? 'all') },
    { text: amount(row.ours.costNanoUsd) },
    { text: amount(row.theirs?.costNanoUsd) },
    { text: amount(row.bookedNanoUsd) },
    { text: amount(row.driftNanoUsd) },
    { text: `${verdicts[row.verdict]}${row.settled ? '' : ', not final'}`, ...(strange && { paint: colors.yellow }) },
  ]
}

function amount(nanoUsd: string | null | undefined): string {
  return nanoUsd === null || nanoUsd === undefined ? '–' : formatUsd(BigInt(nanoUsd))
}
