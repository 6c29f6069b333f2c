import { formatUsd } from '../../contract/format-usd.ts'
import type { SimulatedBudget, Simulation } from '../../contract/simulation.ts'
import { counted, formatDuration, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

const columns: Column[] = [
  { title: 'Budget', flexible: true },
  { title: 'Cap', align: 'decimal' },
  { title: 'Per' },
  { title: 'Fullest', align: 'right' },
  { title: 'Used up', align: 'right' },
  { title: 'First at' },
  { title: 'Waited', align: 'right' },
  { title: 'Longest' },
  { title: 'Refused', align: 'right' },
  { title: 'Free', align: 'right' },
]

/** What each budget would have done, then the sums beside what the books say. */
export function printSimulation(out: Terminal, { totals, budgets, prices, from, to }: Simulation): void {
  if (budgets.length > 0) {
    printTable(out, columns, budgets.map(cells))
    out.line()
  }
  out.line(`${counted(totals.calls, 'call')} from ${formatTime(from)} to ${formatTime(to)}, priced ${prices}`)
  const fates = [
    `${totals.admittedCalls} would have been made`,
    ...(totals.deferredCalls > 0 ? [`${totals.deferredCalls} would have waited`] : []),
    ...(totals.waitingCalls > 0 ? [`${totals.waitingCalls} would wait still`] : []),
    ...(totals.rejectedCalls > 0 ? [`${totals.rejectedCalls} would have been refused`] : []),
    ...(totals.fallbackCalls > 0 ? [`${totals.fallbackCalls} would have gone to a free provider`] : []),
  ]
  out.line(fates.join(', '))
  out.line(`paid: ${usd(totals.costNanoUsd)} instead of ${usd(totals.bookedCostNanoUsd)}`)
  out.line(`at list prices: ${usd(totals.shadowNanoUsd)} instead of ${usd(totals.bookedShadowNanoUsd)}`)
}

function cells(budget: SimulatedBudget): Cell[] {
  const { tenantId, budgetId, money, period, mostUsedPercent, firstExhaustedAt, longestWaitSeconds } = budget
  const name = `${budgetId}${tenantId === '*' ? '' : ` of ${tenantId}`}${money === 'shadow' ? ' (shadow)' : ''}`
  return [
    { text: printable(name) },
    { text: usd(budget.capNanoUsd) },
    { text: period },
    { text: mostUsedPercent === null ? '–' : `${Math.round(mostUsedPercent)} %` },
    { text: counted(budget.windowsExhausted, period === 'total' ? 'time' : period) },
    { text: firstExhaustedAt === null ? '–' : formatTime(firstExhaustedAt) },
    { text: String(budget.deferredCalls) },
    { text: longestWaitSeconds === null ? '–' : formatDuration(longestWaitSeconds * 1000) },
    { text: String(budget.rejectedCalls) },
    { text: String(budget.fallbackCalls) },
  ]
}

function usd(nanoUsd: string): string {
  return formatUsd(BigInt(nanoUsd))
}
