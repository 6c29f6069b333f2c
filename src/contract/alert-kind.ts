/** Told once for each subject: `budget_threshold` and `budget_exhausted` for each window, those of calls for each call, `vector_drift` for each space and day. */
export const momentKinds = [
  'budget_threshold',
  'budget_exhausted',
  'call_overrun',
  'call_in_doubt',
  'call_stuck',
  'provider_stopped',
  'vector_drift',
] as const

/** Rules: each looks at one figure, whose alert lasts until it is over. */
export const ruleIds = [
  'queue_age',
  'error_rate',
  'breaker_open',
  'forecast_above_cap',
  'webhook_silence',
  'cost_drift',
  'disk_full',
] as const
export type RuleId = (typeof ruleIds)[number]

export const alertKinds = [...momentKinds, ...ruleIds] as const
export type AlertKind = (typeof alertKinds)[number]

export const severities = ['warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** How bad it is, and what to do. */
export const alertFacts: Readonly<Record<AlertKind, { severity: Severity; action: string }>> = {
  budget_threshold: {
    severity: 'warning',
    action: 'See what it goes for: `sluice costs`. Raise the cap if it is well spent.',
  },
  budget_exhausted: {
    severity: 'critical',
    action:
      'Work waits for the next window. Raise the cap to let it go on: `sluice budgets set <budget> --cap <dollars>`.',
  },
  call_overrun: {
    severity: 'warning',
    action: 'Compare the price list with the provider’s: `sluice prices`, `sluice costs reconcile`.',
  },
  call_in_doubt: {
    severity: 'warning',
    action: 'Look it up at the provider, then say what became of it: `sluice costs doubts`.',
  },
  call_stuck: {
    severity: 'warning',
    action: "Look at the provider's status page; the document is tried again by itself.",
  },
  provider_stopped: { severity: 'critical', action: 'Correct the key, or buy credits; the work goes on by itself.' },
  vector_drift: {
    severity: 'warning',
    action: 'Vectors of two kinds do not compare: `sluice reembed` into a new space.',
  },
  queue_age: { severity: 'warning', action: 'See whether workers run and what they do: docs/runbooks/queue-age.md.' },
  error_rate: {
    severity: 'warning',
    action: 'See which failures they are: the page Errors, or docs/runbooks/error-rate.md.',
  },
  breaker_open: {
    severity: 'warning',
    action: 'It is tried again by itself. Mode hybrid works without it meanwhile: docs/runbooks/provider-ill.md.',
  },
  forecast_above_cap: { severity: 'warning', action: 'Raise the cap, or spend less: docs/runbooks/budget.md.' },
  webhook_silence: {
    severity: 'warning',
    action: 'Send yourself one: `sluice webhooks test`; docs/runbooks/webhook-silence.md.',
  },
  cost_drift: {
    severity: 'warning',
    action: 'See on which days: `sluice costs reconcile`. Correct the prices: SLUICE_PRICE_LIST.',
  },
  disk_full: { severity: 'critical', action: 'Make room before uploads are refused: docs/runbooks/disk.md.' },
}
