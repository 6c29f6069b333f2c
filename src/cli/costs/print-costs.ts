import type { CostEntry, CostKey, CostReport, CostRow, CostTotals } from '../../contract/costs.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import { counted, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** The period, a line per row, the totals, and whether anything was paid at all. */
export function printCosts(out: Terminal, report: CostReport): void {
  const { tenant, from, to, timeZone, totals } = report
  const whose = tenant === '*' ? 'all tenants' : `tenant ${printable(tenant)}`
  out.line(out.colors.bold(`Costs of ${whose}`))
  out.line(out.colors.dim(`from ${formatTime(from)} until ${formatTime(to)}, days of ${printable(timeZone)}`))
  out.line()
  if (report.rows.length === 0) {
    out.line('no calls')
    return
  }
  if (report.kind === 'sums') printSums(out, report.by, report.rows)
  else printCalls(out, report.rows, tenant === '*')
  out.line()
  out.line(out.colors.bold(totalLine(totals)))
  for (const line of besidesSpending(totals)) out.line(line)
  const note = simulationNote(totals)
  if (note) out.line(out.colors.yellow(note))
}

const titles: Record<CostKey, string> = {
  day: 'Day',
  service: 'Service',
  purpose: 'For',
  provider: 'Provider',
  model: 'Model',
  document: 'Document',
  tag: 'Tag',
  tenant: 'Tenant',
}

function printSums(out: Terminal, by: readonly CostKey[], rows: readonly CostRow[]): void {
  const columns: Column[] = [
    ...by.map(key => ({ title: titles[key], ...(key === 'document' && { flexible: true as const }) })),
    { title: 'Calls', align: 'right' },
    { title: 'Pages', align: 'right' },
    { title: 'Tokens', align: 'right' },
    { title: 'Cost', align: 'decimal' },
    { title: 'Would cost', align: 'decimal' },
    { title: '' },
  ]
  const cells = (row: CostRow): Cell[] => [
    ...by.map(key => ({ text: printable(keyText(key, row)) })),
    { text: row.calls.toLocaleString('en-US') },
    { text: BigInt(row.units.pages).toLocaleString('en-US') },
    { text: BigInt(row.units.tokens).toLocaleString('en-US') },
    { text: formatUsd(BigInt(row.costNanoUsd)) },
    { text: formatUsd(BigInt(row.shadowNanoUsd)) },
    { text: simulationMark(row), paint: out.colors.yellow },
  ]
  printTable(out, columns, rows.map(cells))
}

function keyText(key: CostKey, row: CostRow): string {
  if (key === 'tenant') return row.tenantId ?? ''
  if (key === 'tag') return row.tag || '(no tag)'
  if (key !== 'document') return row[key] ?? ''
  if (!row.documentId) return '(no document)'
  return row.fileName ? `${row.fileName} ${row.documentId}` : `(deleted) ${row.documentId}`
}

function printCalls(out: Terminal, entries: readonly CostEntry[], ofAll: boolean): void {
  const columns: Column[] = [
    { title: 'At' },
    ...(ofAll ? [{ title: 'Tenant' }] : []),
    { title: 'Kind' },
    { title: 'Service' },
    { title: 'For' },
    { title: 'By' },
    { title: 'Units', align: 'right' },
    { title: 'Cost', align: 'decimal' },
    { title: 'Would cost', align: 'decimal' },
    { title: 'Document', flexible: true },
    { title: 'Job' },
    { title: 'Why' },
  ]
  const cells = (entry: CostEntry): Cell[] => [
    { text: formatTime(entry.at), paint: out.colors.dim },
    ...(ofAll ? [{ text: printable(entry.tenantId) }] : []),
    { text: entry.kind },
    { text: entry.service },
    { text: printable(entry.purpose) },
    { text: printable(`${entry.provider} ${entry.model}${entry.simulated ? ' (simulated)' : ''}`) },
    { text: `${BigInt(entry.units).toLocaleString('en-US')} ${entry.unit}${entry.units === '1' ? '' : 's'}` },
    { text: formatUsd(BigInt(entry.costNanoUsd)) },
    { text: formatUsd(BigInt(entry.shadowNanoUsd)) },
    { text: printable(entry.fileName ?? entry.documentId ?? '–') },
    { text: entry.jobId ?? '–' },
    { text: printable(entry.reasons.join('; ')), paint: out.colors.dim },
  ]
  printTable(out, columns, entries.map(cells))
}

function totalLine({ calls, units, costNanoUsd, shadowNanoUsd }: CostTotals): string {
  const what = [counted(calls, 'call'), counted(Number(units.pages), 'page'), counted(Number(units.tokens), 'token')]
  const paid = `cost ${formatUsd(BigInt(costNanoUsd))}`
  return `${what.join(', ')}; ${paid}, at the real services ${formatUsd(BigInt(shadowNanoUsd))}`
}

/** What is held, and what was not spent at all. */
function besidesSpending(totals: CostTotals): string[] {
  const [held, doubt, avoided, avoidedShadow] = [
    totals.heldNanoUsd,
    totals.inDoubtNanoUsd,
    totals.avoidedNanoUsd,
    totals.avoidedShadowNanoUsd,
  ].map(BigInt) as [bigint, bigint, bigint, bigint]
  const doubtful = doubt === 0n ? '' : `, of it ${formatUsd(doubt)} in doubt (\`sluice costs doubts\`)`
  return [
    ...(held === 0n ? [] : [`held ${formatUsd(held)}${doubtful}`]),
    ...(avoided === 0n && avoidedShadow === 0n
      ? []
      : [
          `avoided ${formatUsd(avoided)}, at the real services ${formatUsd(avoidedShadow)}: the result was there already`,
        ]),
  ]
}

function simulationMark({ simulatedCalls, costNanoUsd }: CostTotals): string {
  if (simulatedCalls === 0) return ''
  return costNanoUsd === '0' ? 'simulated' : 'partly simulated'
}

function simulationNote({ simulatedCalls, costNanoUsd }: CostTotals): string | null {
  if (simulatedCalls === 0) return costNanoUsd === '0' ? 'nothing was paid' : null
  if (costNanoUsd === '0') return 'simulated: no provider was called, nothing was paid'
  return 'partly simulated: `sluice costs --by call` tells which calls were real'
}
