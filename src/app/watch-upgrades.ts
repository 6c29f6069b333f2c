import { randomBytes } from 'node:crypto'
import type { Tables } from '../contract/tables.ts'
import { nextTraceContext, writeTraceparent } from '../contract/trace-context.ts'
import { type IntakeOptions, startVersion } from '../intake/take-document.ts'
import { findUpgrades, type ProvisionalVersion } from '../pipeline/upgrades.sql.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import type { Router } from './create-router.ts'

export interface UpgradeWatch {
  database: Database<Tables>
  router: Router
  intake: Pick<IntakeOptions, 'newId' | 'queueJob' | 'nudge'>
  onError(error: unknown): void
}

const everyMs = 1_000
/** Upgrades never fill the workers: what users send comes first. */
const mostAtOnce = 16
/** While the provider is only being tried, upgrades are what it is tried with. */
const mostToTry = 3
/** Behind everything that was asked for, when money or workers are short. */
export const upgradePriority = -100
/** Whose absence makes parse results provisional. */
const provider = 'llamaparse'

/** Makes a new version of what is provisional, once its provider is well again; the provisional one is searched until that is complete. */
export function watchUpgrades(watch: UpgradeWatch): { stop(): Promise<void> } {
  return repeat(() => startUpgrades(watch), everyMs, watch.onError)
}

export async function startUpgrades({ database, router, intake }: UpgradeWatch): Promise<number> {
  const health = router.health.of(provider)
  if (health?.state === 'open' || (health?.limitedUntil && Date.parse(health.limitedUntil) > Date.now())) return 0
  const most = health?.state === 'half_open' ? mostToTry : mostAtOnce
  const started = await database.transaction(async session => {
    const wanted = (await findUpgrades(session, most)).filter(version => wantsProvider(router, version))
    for (const { versionId, tenantId, ...version } of wanted) {
      const how = {
        priority: upgradePriority,
        dueAt: null,
        quoteId: null,
        correlationId: `upgrade-${versionId}`,
        traceparent: writeTraceparent(nextTraceContext(null, bytes => randomBytes(bytes).toString('hex'))),
      }
      await startVersion(intake, session, { ...version, ...how, tenantId, upgradeOf: versionId })
    }
    return wanted.length
  })
  if (started > 0) intake.nudge()
  return started
}

/** A tenant that has been switched to this machine, or to simulators, since then keeps what it has. */
function wantsProvider(router: Router, { tenantId, routing }: ProvisionalVersion): boolean {
  const { mode } = router.modes.of(tenantId, 'parse', routing)
  return mode === 'hybrid' || mode === 'real'
}
