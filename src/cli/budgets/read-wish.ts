import type { BudgetSettings, BudgetView } from '../../contract/budget.ts'
import { readBudgetText } from '../../contract/budget-text.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import { usageFailure } from '../cli-failure.ts'
import { findBudget } from './find-budget.ts'

export interface BudgetFlags {
  cap?: string
  per?: string
  service?: string
  provider?: string
  key?: string
  tag?: string
  timeZone?: string
  policy?: string
  alerts?: string
  shadow?: boolean
  id?: string
}

/**
 * The budget that `sluice budgets set` asks for: the words of `readBudgetText`, then the flags, which win. When the words name a
 * budget instead of an amount (`parse-day`), it is changed, and keeps what is not given. Throws usage failures, `budget_not_found`, or
 * `validation_failed` that quotes what cannot be read.
 */
export function readWish(
  words: readonly string[],
  flags: BudgetFlags,
  tenantId: string | undefined,
  present: readonly BudgetView[],
): BudgetSettings {
  const assigned = words.filter(word => word.includes('='))
  const { amount, budgetId } = readBare(words.filter(word => !word.includes('=')))
  if (budgetId !== undefined && flags.id !== undefined)
    throw usageFailure(`The id is given twice: ${budgetId} and --id ${flags.id}.`, 'Leave one of them out.')
  const old = budgetId === undefined ? null : findBudget(present, budgetId, tenantId ?? assignedTo(assigned, 'tenant'))
  const settings = readBudgetText(
    [
      headOf(amount, flags, old),
      ...(old ? wordsOf(old) : []),
      ...assigned,
      ...flagWords(flags, tenantId),
      ...nameOf(old),
    ].join(' '),
  )
  const keepsNoAlerts = old?.alertPercents.length === 0 && !flags.alerts && assignedTo(assigned, 'alerts') === undefined
  return keepsNoAlerts ? { ...settings, alertPercents: [] } : settings
}

interface Amount {
  cap: string
  per: string | undefined
}

function readAmount(word: string): Amount | null {
  const match = /^(\$?[\d.]+)(?:\/(\w+)|-(total))?$/.exec(word)
  return match && { cap: match[1] ?? '', per: match[2] ?? match[3] }
}

/** The words without a `=`: an amount, the id of a budget, or both. */
function readBare(words: readonly string[]): { amount: Amount | null; budgetId: string | undefined } {
  const amounts = words.filter(word => readAmount(word))
  const ids = words.filter(word => !readAmount(word))
  if (amounts.length > 1 || ids.length > 1) {
    throw usageFailure(
      `"${words.join(' ')}" is more than one budget.`,
      "Give one amount with a period such as '$5/day' (in quotes, for the shell), or one id, then name=value.",
    )
  }
  return { amount: amounts[0] === undefined ? null : readAmount(amounts[0]), budgetId: ids[0] }
}

function headOf(amount: Amount | null, flags: BudgetFlags, old: BudgetView | null): string {
  const wanted = flags.cap === undefined ? null : (readAmount(flags.cap) ?? { cap: flags.cap, per: undefined })
  const cap = wanted?.cap ?? amount?.cap ?? (old && formatUsd(BigInt(old.capNanoUsd)))
  const per = flags.per ?? wanted?.per ?? amount?.per ?? old?.period ?? (amount ? 'total' : undefined)
  if (!cap) throw usageFailure('There is no cap.', "Give an amount with a period, e.g. '$5/day', or --cap 5 --per day.")
  if (per !== undefined) return `${cap}/${per}`
  throw usageFailure(
    '--cap is given without a period.',
    'Add --per hour, day, week, month or total; to change a budget, begin with its id: `sluice budgets set <id> --cap 10`.',
  )
}

function wordsOf({ service, provider, apiKeyId, tag, timeZone, policy, money, alertPercents }: BudgetView): string[] {
  const alerts = alertPercents.length > 0 ? alertPercents.join(',') : null
  return assignments({ service, provider, key: apiKeyId, tag, zone: timeZone, policy, money, alerts })
}

function flagWords(flags: BudgetFlags, tenant: string | undefined): string[] {
  const { service, provider, key, tag, timeZone: zone, policy, alerts, id, shadow } = flags
  const money = shadow === undefined ? undefined : shadow ? 'shadow' : 'real'
  return assignments({ service, provider, key, tag, zone, policy, alerts, id, money, tenant })
}

/** Last, so that nothing changes which budget it is. */
function nameOf(old: BudgetView | null): string[] {
  return old ? assignments({ id: old.budgetId, tenant: old.tenantId }) : []
}

function assignments(values: Readonly<Record<string, string | null | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [`${name}=${value}`]))
}

function assignedTo(assigned: readonly string[], name: string): string | undefined {
  return assigned.findLast(word => word.startsWith(`${name}=`))?.slice(name.length + 1)
}
