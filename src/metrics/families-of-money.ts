import type { BudgetForecast } from '../contract/forecast.ts'
import type { BudgetFigures } from './budgets.sql.ts'
import { toDollars } from './dollars.ts'
import { addUp, type Family, type Sample } from './family.ts'
import type { LedgerTotals, OpenHolds } from './ledger-totals.sql.ts'
import type { State } from './read-state.ts'

const dollars = (amount: string) => toDollars(BigInt(amount))
const origin = ['service', 'provider', 'simulated', 'money'] as const
const budgetLabels = ['tenant', 'budget', 'money', 'period'] as const

type Of<Row> = (row: Row) => { real: string; shadow: string }

/** `real` is what was paid, `shadow` what the real provider would have charged. */
function byMoney<Row extends LedgerTotals | OpenHolds>(rows: readonly Row[], of: Of<Row>): Sample[] {
  return addUp(
    rows.flatMap(row => {
      const labels = [row.service, row.provider, String(row.simulated)]
      const { real, shadow } = of(row)
      return [
        { labels: [...labels, 'real'], value: dollars(real) },
        { labels: [...labels, 'shadow'], value: dollars(shadow) },
      ]
    }),
  )
}

function ofBudgets(budgets: readonly BudgetFigures[], amount: (figures: BudgetFigures) => string): Sample[] {
  return budgets.map(one => ({
    labels: [one.tenant, one.budget, one.money, one.period],
    value: dollars(amount(one)),
  }))
}

const counted = (totals: readonly LedgerTotals[], labels: (row: LedgerTotals) => string[], of: 'calls' | 'units') =>
  addUp(totals.map(row => ({ labels: labels(row), value: Number(row[of]) })))

const ledgerFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_ledger_spent_dollars_total',
    kind: 'counter',
    help: 'What calls cost, by the books, without adjustments.',
    labels: origin,
    samples: ({ totals }) => byMoney(totals, row => ({ real: row.costNanoUsd, shadow: row.shadowNanoUsd })),
  },
  {
    name: 'sluice_ledger_avoided_dollars_total',
    kind: 'counter',
    help: 'What did not have to be bought again.',
    labels: origin,
    samples: ({ totals }) => byMoney(totals, row => ({ real: row.avoidedNanoUsd, shadow: row.avoidedShadowNanoUsd })),
  },
  {
    name: 'sluice_ledger_adjustments_dollars',
    kind: 'gauge',
    help: "What providers' own reports said otherwise; can be negative.",
    labels: ['service', 'provider'],
    samples: ({ totals }) =>
      addUp(totals.map(row => ({ labels: [row.service, row.provider], value: dollars(row.adjustedNanoUsd) }))),
  },
  {
    name: 'sluice_ledger_calls_total',
    kind: 'counter',
    help: 'Calls in the books.',
    labels: ['service', 'provider', 'simulated'],
    samples: ({ totals }) => counted(totals, row => [row.service, row.provider, String(row.simulated)], 'calls'),
  },
  {
    name: 'sluice_ledger_units_total',
    kind: 'counter',
    help: 'Pages parsed and tokens embedded, by the books.',
    labels: ['service', 'provider', 'simulated', 'unit'],
    samples: ({ totals }) =>
      counted(
        totals,
        row => [row.service, row.provider, String(row.simulated), row.service === 'parse' ? 'pages' : 'tokens'],
        'units',
      ),
  },
]

const holdFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_ledger_held_dollars',
    kind: 'gauge',
    help: 'Money that is held for calls under way, quotes and calls in doubt.',
    labels: origin,
    samples: ({ holds }) => byMoney(holds, row => ({ real: row.costNanoUsd, shadow: row.shadowNanoUsd })),
  },
  {
    name: 'sluice_ledger_in_doubt_dollars',
    kind: 'gauge',
    help: 'Of the held money, that of calls whose outcome nobody knows.',
    labels: origin,
    samples: ({ holds }) =>
      byMoney(
        holds.filter(hold => hold.inDoubt),
        row => ({ real: row.costNanoUsd, shadow: row.shadowNanoUsd }),
      ),
  },
  {
    name: 'sluice_calls_in_doubt',
    kind: 'gauge',
    help: 'Calls whose outcome nobody knows.',
    labels: ['service', 'provider', 'simulated'],
    samples: ({ holds }) =>
      addUp(
        holds.map(hold => ({
          labels: [hold.service, hold.provider, String(hold.simulated)],
          value: hold.inDoubt ? hold.calls : 0,
        })),
      ),
  },
]

const budgetFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_budget_cap_dollars',
    kind: 'gauge',
    help: 'The cap of each budget.',
    labels: budgetLabels,
    samples: ({ budgets }) => ofBudgets(budgets, one => one.capNanoUsd),
  },
  {
    name: 'sluice_budget_spent_dollars',
    kind: 'gauge',
    help: 'What has been spent of each budget in its present window.',
    labels: budgetLabels,
    samples: ({ budgets }) => ofBudgets(budgets, one => one.spentNanoUsd),
  },
  {
    name: 'sluice_budget_held_dollars',
    kind: 'gauge',
    help: 'What is held of each budget in its present window.',
    labels: budgetLabels,
    samples: ({ budgets }) => ofBudgets(budgets, one => one.heldNanoUsd),
  },
  {
    name: 'sluice_budget_forecast_dollars',
    kind: 'gauge',
    help: 'What each budget of its own name will have spent at the end of its present window, as forecast; not where nothing is known.',
    labels: budgetLabels,
    samples: ({ budgets, forecasts }) => forecasts.flatMap(one => ofForecast(one, budgets)),
  },
]

/** Only with the labels that the budget has, so that there are no more of them. */
function ofForecast(
  { tenantId, budgetId, expectedNanoUsd, money }: BudgetForecast,
  budgets: readonly BudgetFigures[],
): Sample[] {
  const found = budgets.filter(one => one.tenant === tenantId && one.budget === budgetId && one.money === money)
  return expectedNanoUsd === null ? [] : ofBudgets(found, () => expectedNanoUsd)
}

export const moneyFamilies = [...ledgerFamilies, ...holdFamilies, ...budgetFamilies]

/** Only where tenants may be named. */
export const tenantMoneyFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_tenant_spent_dollars_total',
    kind: 'counter',
    help: "What a tenant's calls cost, by the books; only with SLUICE_METRICS_TENANTS.",
    labels: ['tenant', 'money'],
    samples: ({ totals }) =>
      addUp(
        totals.flatMap(row => [
          { labels: [row.tenant, 'real'], value: dollars(row.costNanoUsd) },
          { labels: [row.tenant, 'shadow'], value: dollars(row.shadowNanoUsd) },
        ]),
      ),
  },
]
