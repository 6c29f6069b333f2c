import { z } from 'zod'
import { count, setting, text } from './setting.ts'

/** What others see of this process. docs/monitoring.md is for the user. */
export const monitoringSettings = {
  metrics: setting(
    'SLUICE_METRICS',
    'key',
    'Who may read /metrics: `key`, with SLUICE_METRICS_KEY or an admin key; `open`, everybody who reaches the port; `off`, nobody.',
    z.enum(['key', 'open', 'off']),
  ),
  metricsKey: setting(
    'SLUICE_METRICS_KEY',
    '',
    'A key that can do nothing but read /metrics. Empty: only admin keys can.',
    text,
    true,
  ),
  metricsTenants: setting(
    'SLUICE_METRICS_TENANTS',
    '0',
    'How many tenants are named in /metrics, the first ones; all others are `other`. At most 100.',
    count.refine(n => n <= 100, 'at most 100'),
  ),
} as const
