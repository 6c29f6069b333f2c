import { type BudgetSettings, budgetSettingsSchema } from './budget.ts'
import { budgetPeriods } from './budget-terms.ts'
import { AppError } from './failure.ts'
import type { NanoUsd } from './money.ts'

const fields = {
  id: 'budgetId',
  tenant: 'tenantId',
  service: 'service',
  provider: 'provider',
  key: 'apiKeyId',
  tag: 'tag',
  zone: 'timeZone',
  policy: 'policy',
  money: 'money',
  alerts: 'alertPercents',
} as const

/** Budgets as the configuration names them: texts of `readBudgetText`, separated by semicolons. */
export function readBudgetTexts(text: string): BudgetSettings[] {
  const budgets = text
    .split(';')
    .filter(part => part.trim() !== '')
    .map(readBudgetText)
  const names = budgets.map(({ tenantId, budgetId }) => `${tenantId}/${budgetId}`)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return budgets
  throw new AppError('validation_failed', `Two budgets are called ${twice}; give one of them an id=.`)
}

/**
 * One budget in words: an amount with a period, then what it covers and how, e.g. `$5/day service=parse tenant=acme
 * zone=Europe/Berlin policy=reject alerts=50,80 money=shadow`. Without `tenant` it covers all tenants together; without `id` it is
 * named after what it covers. Throws `validation_failed` that quotes what cannot be read.
 */
export function readBudgetText(text: string): BudgetSettings {
  const [head = '', ...rest] = text.trim().split(/\s+/)
  const amount = /^(\$?[\d.]+)(?:\/(\w+)|-(total))?$/.exec(head)
  const period = amount?.[2] ?? 'total'
  if (!amount || !(budgetPeriods as readonly string[]).includes(period)) {
    throw invalid(
      text,
      `begins with "${head}"; it must be an amount with a period (${budgetPeriods.join(', ')}), e.g. $5/day`,
    )
  }
  const given: Record<string, unknown> = { tenantId: '*', period, capNanoUsd: String(readUsd(amount[1] ?? '')) }
  for (const part of rest) {
    const [name = '', value] = part.split(/=(.*)/s)
    const field = fields[name as keyof typeof fields]
    if (field === undefined || value === undefined)
      throw invalid(text, `has "${part}"; known are ${Object.keys(fields).join('=, ')}=`)
    given[field] = field === 'alertPercents' ? value.split(',').map(Number) : value
  }
  given.budgetId ??= nameOf(given)
  const read = budgetSettingsSchema.safeParse(given)
  if (read.success) return read.data
  throw invalid(text, read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

/** Dollars as people write them, e.g. `$0.50`; at most nine decimals, never a fraction of a nano-dollar. */
export function readUsd(text: string): NanoUsd {
  const match = /^\$?(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text.trim())
  if (!match) throw new AppError('validation_failed', `"${text}" is not an amount in dollars such as $0.50.`)
  return BigInt(match[1] ?? 0) * 1_000_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'))
}

function nameOf({ service, provider, tag, apiKeyId, period, money }: Record<string, unknown>): string {
  const parts = [service, provider, tag, apiKeyId && 'key', period, money === 'shadow' ? 'shadow' : null]
  return parts
    .filter(part => typeof part === 'string')
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]/g, '-')
    .slice(0, 63)
}

function invalid(text: string, why: string): AppError {
  return new AppError('validation_failed', `The budget "${text.trim()}" ${why}.`)
}
