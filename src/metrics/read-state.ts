import type { BudgetForecast } from '../contract/forecast.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { type BudgetFigures, readBudgetFigures } from './budgets.sql.ts'
import { countProcesses, type JobCount, readJobCounts } from './jobs.sql.ts'
import {
  countOldEntries,
  type LedgerTotals,
  type OpenHolds,
  readLedgerTotals,
  readOpenHolds,
} from './ledger-totals.sql.ts'
import { readNamedTenants } from './named-tenants.sql.ts'
import * as providers from './providers.sql.ts'

/** What the database says at one moment. It is the same whichever process is asked. */
export interface State {
  jobs: JobCount[]
  processes: number
  totals: LedgerTotals[]
  holds: OpenHolds[]
  budgets: BudgetFigures[]
  /** Of budgets with a window that ends; some minutes old. */
  forecasts: readonly BudgetForecast[]
  breakers: providers.Breaker[]
  limiters: providers.LimiterRoom[]
  uploads: { permits: providers.UploadPermits[]; limit: number }
  remoteCalls: Awaited<ReturnType<typeof providers.countRemoteCalls>>
  lastWebhook: number | null
  /** How long reading it took. */
  seconds: number
}

export interface StateOptions {
  database: Database<Tables>
  /** How many tenants have labels of their own. */
  namedTenants: number
  /** What LlamaParse takes from one account. */
  uploadLimit: { requests: number; spanMs: number }
  readForecasts(): Promise<readonly BudgetForecast[]>
}

/** Reads in one snapshot: the figures fit together. */
export async function readState({ database, namedTenants, uploadLimit, readForecasts }: StateOptions): Promise<State> {
  const forecasts = await readForecasts()
  const startedAt = performance.now()
  await countOldEntries(database)
  return await database.snapshot(async session => {
    const named = await readNamedTenants(session, namedTenants)
    return {
      jobs: await readJobCounts(session, named),
      processes: await countProcesses(session),
      totals: await readLedgerTotals(session, named),
      holds: await readOpenHolds(session),
      budgets: await readBudgetFigures(session, named),
      forecasts,
      breakers: await providers.readBreakers(session),
      limiters: await providers.readLimiterRoom(session),
      uploads: {
        permits: await providers.readUploadPermits(session, uploadLimit.spanMs),
        limit: uploadLimit.requests,
      },
      remoteCalls: await providers.countRemoteCalls(session),
      lastWebhook: await providers.readLastWebhook(session),
      seconds: (performance.now() - startedAt) / 1000,
    }
  })
}
