import type { BudgetView } from '../../contract/budget.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { budgetName, coverWords, resetWords } from './budget-words.ts'

/** A line per budget with its present window, or how to set one. */
export function printBudgets(out: Terminal, budgets: readonly BudgetView[], programName: string): void {
  if (budgets.length === 0) {
    out.line('no budgets: nothing limits what is spent')
    out.line(`set one:     ${programName} budgets set '$5/day service=parse zone=Europe/Berlin'`)
    out.line(`rehearse it: ${programName} budgets set '$5/day service=parse money=shadow'`)
    return
  }
  printTable(
    out,
    columns,
    budgets.map(budget => cells(budget, out)),
  )
  if (budgets.some(isShadow))
    out.line(
      out.colors.dim('shadow: counts what the real providers would have charged, so that mock mode rehearses it'),
    )
}

/** What a budget says now, what its window has spent already, and who waits. `woken`: jobs that waited for it before. */
export function printSetBudget(out: Terminal, budget: BudgetView, woken: number): void {
  const { colors } = out
  const alerts = budget.alertPercents.length > 0 ? `alerts at ${budget.alertPercents.join(', ')} %` : 'no alerts'
  const money = isShadow(budget) ? ', shadow money' : ''
  out.line(
    colors.bold(
      `${budgetName(budget)}: ${usd(budget.capNanoUsd)} ${perWords(budget)} for ${coverWords(budget)}${money}`,
    ),
  )
  out.line(`policy ${budget.policy}; ${alerts}; resets ${resetWords(budget)}`)
  const window = budget.period === 'total' ? 'so far' : `this ${budget.period}`
  const { spentNanoUsd, heldNanoUsd, leftNanoUsd } = budget
  out.line(`${window}: ${usd(spentNanoUsd)} spent, ${usd(heldNanoUsd)} held, ${usd(leftNanoUsd)} left`)
  if (woken > 0) out.line(colors.green(wokenLine(woken)))
  const { waitingJobs, waitingNanoUsd } = budget
  if (waitingJobs > 0)
    out.line(
      colors.yellow(
        `${counted(waitingJobs, 'job')} ${waitingJobs === 1 ? 'waits' : 'wait'} for ${usd(waitingNanoUsd)} of it`,
      ),
    )
}

function perWords({ period }: BudgetView): string {
  if (period === 'total') return 'in total'
  return period === 'hour' ? 'an hour' : `a ${period}`
}

export function wokenLine(woken: number): string {
  return woken === 1 ? '1 job that waited for it goes on' : `${woken} jobs that waited for it go on`
}

const columns: Column[] = [
  { title: 'Budget' },
  { title: 'Tenant' },
  { title: 'Covers', flexible: true },
  { title: 'Cap', align: 'decimal' },
  { title: 'Per' },
  { title: 'Spent', align: 'decimal' },
  { title: 'Held', align: 'decimal' },
  { title: 'Left', align: 'decimal' },
  { title: 'Resets' },
  { title: 'Policy' },
  { title: 'Waiting' },
]

function cells(budget: BudgetView, { colors }: Terminal): Cell[] {
  const { waitingJobs, waitingNanoUsd } = budget
  return [
    { text: printable(budget.budgetId) },
    { text: budget.tenantId === '*' ? 'all (*)' : printable(budget.tenantId) },
    { text: coverWords(budget) },
    { text: usd(budget.capNanoUsd) },
    { text: isShadow(budget) ? `${budget.period} (shadow)` : budget.period },
    { text: usd(budget.spentNanoUsd) },
    { text: usd(budget.heldNanoUsd) },
    { text: usd(budget.leftNanoUsd), ...(BigInt(budget.leftNanoUsd) <= 0n && { paint: colors.red }) },
    { text: resetWords(budget), paint: colors.dim },
    { text: budget.policy },
    { text: waitingJobs > 0 ? `${counted(waitingJobs, 'job')}, ${usd(waitingNanoUsd)}` : '–', paint: colors.yellow },
  ]
}

function isShadow({ money }: BudgetView): boolean {
  return money === 'shadow'
}

function usd(nanoUsd: string): string {
  return formatUsd(BigInt(nanoUsd))
}
