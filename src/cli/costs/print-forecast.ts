import type { ForecastReport, WindowForecast } from '../../contract/forecast.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

const columns: Column[] = [
  { title: 'What' },
  { title: 'Until' },
  { title: 'Spent', align: 'decimal' },
  { title: 'Expected', align: 'decimal' },
  { title: '80 % interval' },
  { title: 'Cap', align: 'decimal' },
  { title: 'Used up', flexible: true },
  { title: 'From' },
]

/** A line for the month, in money paid and at list prices, and one for each budget. */
export function printForecast(out: Terminal, { real, shadow, budgets }: ForecastReport): void {
  const rows = [
    cells('this month', real, '–', { text: '' }),
    cells('this month, at list prices', shadow, '–', { text: '' }),
    ...budgets.map(budget => {
      const name = printable(`${budget.budgetId}${budget.tenantId === '*' ? '' : ` of ${budget.tenantId}`}`)
      const shown = budget.money === 'shadow' ? `${name} (shadow)` : name
      return cells(shown, budget, formatUsd(BigInt(budget.capNanoUsd)), usedUp(budget, out))
    }),
  ]
  printTable(out, columns, rows)
}

function cells(name: string, forecast: WindowForecast, cap: string, usedUp: Cell): Cell[] {
  const { expectedNanoUsd, lowNanoUsd, highNanoUsd, windowEnd, method, historyDays } = forecast
  const interval =
    lowNanoUsd === null || highNanoUsd === null ? '–' : `${roughly(lowNanoUsd)} to ${roughly(highNanoUsd)}`
  return [
    { text: name },
    { text: formatTime(windowEnd) },
    { text: formatUsd(BigInt(forecast.spentNanoUsd)) },
    { text: expectedNanoUsd === null ? '–' : roughly(expectedNanoUsd) },
    { text: interval },
    { text: cap },
    usedUp,
    { text: historyDays === 0 ? method : `${method}, ${historyDays} days` },
  ]
}

function usedUp({ expectedExhaustionAt, exceedsCap }: ForecastReport['budgets'][number], { colors }: Terminal): Cell {
  if (exceedsCap === null) return { text: '–' }
  if (expectedExhaustionAt === null) return { text: 'not in this window' }
  return { text: formatTime(expectedExhaustionAt), paint: colors.yellow }
}

/** A forecast is not known to the nano-dollar: to the cent, and to the millionth of a dollar below ten cents. */
function roughly(nanoUsd: string): string {
  const amount = BigInt(nanoUsd)
  const step = amount >= 100_000_000n ? 10_000_000n : 1_000n
  return formatUsd(((amount + step / 2n) / step) * step)
}
