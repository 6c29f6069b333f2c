import type { Sight } from '../alerts/look.ts'
import type { Reading } from '../alerts/reading.ts'
import type { RuleId } from '../contract/alert-kind.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { Tables } from '../contract/tables.ts'
import { countFailures } from '../jobs/count-failures.sql.ts'
import { readProcesses } from '../jobs/processes.sql.ts'
import { readDrift } from '../ledger/read-drift.sql.ts'
import { readForecasts } from '../ledger/read-forecasts.ts'
import { readJobCounts } from '../metrics/jobs.sql.ts'
import { readBreakers } from '../metrics/providers.sql.ts'
import type { Database } from '../platform/database.ts'
import { readSilence } from '../webhooks/read-silence.sql.ts'

export interface SignOptions {
  database: Database<Tables>
  hasWebhooks: boolean
  onError(error: unknown): void
}

type Reader = (options: SignOptions) => Promise<Reading[]>

/** Seldom: what takes longer to read, and changes slowly. */
const seldomMs = 5 * 60_000

/** Reads what the rules look at. What cannot be read is named, so that its alerts stay as they are. */
export function createSignReader(options: SignOptions): (nowMs: number) => Promise<Sight> {
  const remembered = new Map<RuleId, { atMs: number; readings: Reading[] }>()
  return async nowMs => {
    const readings: Reading[] = []
    const blind = new Set<RuleId>()
    for (const [ruleId, read, everyMs] of readers) {
      const known = remembered.get(ruleId)
      if (known && nowMs - known.atMs < everyMs) {
        readings.push(...known.readings)
        continue
      }
      try {
        const found = await read(options)
        if (everyMs > 0) remembered.set(ruleId, { atMs: nowMs, readings: found })
        readings.push(...found)
      } catch (error) {
        options.onError(error)
        blind.add(ruleId)
      }
    }
    return { readings, blind }
  }
}

const readers: readonly (readonly [ruleId: RuleId, read: Reader, everyMs: number])[] = [
  ['queue_age', readQueueAges, 0],
  ['error_rate', readErrorRates, 0],
  ['breaker_open', readOpenBreakers, 0],
  ['webhook_silence', readWebhookSilence, 0],
  ['disk_full', readDisks, 0],
  ['forecast_above_cap', readCapForecasts, seldomMs],
  ['cost_drift', readCostDrift, seldomMs],
]

async function readQueueAges({ database }: SignOptions): Promise<Reading[]> {
  const queued = (await readJobCounts(database, [])).filter(({ state }) => state === 'queued')
  return queued.map(({ stage, jobs, oldestSeconds }) => ({
    ruleId: 'queue_age',
    tenantId: '*',
    subject: stage,
    value: oldestSeconds,
    details: { jobs },
  }))
}

const fewestFailures = 5

async function readErrorRates({ database }: SignOptions): Promise<Reading[]> {
  const tenants = await countFailures(database, 15)
  return tenants
    .filter(({ failed }) => failed >= fewestFailures)
    .map(({ tenantId, failed, ended }) => ({
      ruleId: 'error_rate',
      tenantId,
      subject: 'jobs',
      value: (100 * failed) / ended,
      details: { failed, ended },
    }))
}

async function readOpenBreakers({ database }: SignOptions): Promise<Reading[]> {
  const ill = (await readBreakers(database)).filter(({ state }) => state !== 'closed')
  return ill.map(({ provider, reason }) => ({
    ruleId: 'breaker_open',
    tenantId: '*',
    subject: provider,
    value: 1,
    details: { provider, reason },
  }))
}

async function readWebhookSilence({ database, hasWebhooks }: SignOptions): Promise<Reading[]> {
  if (!hasWebhooks) return []
  const silent = await readSilence(database)
  return silent.map(({ provider, seconds }) => ({
    ruleId: 'webhook_silence',
    tenantId: '*',
    subject: provider,
    value: seconds,
    details: { provider },
  }))
}

/** Of several processes on one machine that share a disk, the host is told once. */
async function readDisks({ database }: SignOptions): Promise<Reading[]> {
  const fullest = new Map<string, Reading>()
  for (const { host, diskFreeBytes, diskSizeBytes } of await readProcesses(database)) {
    if (diskFreeBytes === null || !diskSizeBytes) continue
    const value = 100 * (1 - Number(diskFreeBytes) / Number(diskSizeBytes))
    if (value <= (fullest.get(host)?.value ?? -1)) continue
    const details = { host, freeBytes: String(diskFreeBytes) }
    fullest.set(host, { ruleId: 'disk_full', tenantId: '*', subject: host, value, details })
  }
  return [...fullest.values()]
}

async function readCapForecasts({ database }: SignOptions): Promise<Reading[]> {
  const { budgets } = await readForecasts(database, { tenant: '*', timeZone: 'UTC', isSeen: () => true })
  return budgets
    .filter(({ capNanoUsd, expectedNanoUsd }) => BigInt(capNanoUsd) > 0n && expectedNanoUsd !== null)
    .map(({ tenantId, budgetId, money, capNanoUsd, expectedNanoUsd, windowEnd }) => ({
      ruleId: 'forecast_above_cap',
      tenantId,
      subject: budgetId,
      value: percentOf(BigInt(expectedNanoUsd ?? 0), BigInt(capNanoUsd)),
      details: { budgetId, money, capNanoUsd, expectedNanoUsd, windowEnd },
    }))
}

async function readCostDrift({ database }: SignOptions): Promise<Reading[]> {
  const drifts = await readDrift(database, 7)
  return drifts.map(({ provider, driftNanoUsd, bookedNanoUsd }) => ({
    ruleId: 'cost_drift',
    tenantId: '*',
    subject: provider,
    value: bookedNanoUsd > 0n ? percentOf(driftNanoUsd, bookedNanoUsd) : 100,
    details: { provider, driftNanoUsd: String(driftNanoUsd), bookedNanoUsd: String(bookedNanoUsd) },
  }))
}

/** To two decimals. */
function percentOf(part: NanoUsd, whole: NanoUsd): number {
  return Number((part * 10_000n) / whole) / 100
}
