import { unitOfOperation } from '../contract/price-list.ts'
import type { ServiceName } from '../contract/provenance.ts'
import { healthNameOf } from '../contract/provider-health.ts'
import type { ProviderRecord } from '../contract/provider-history.ts'
import type { Tables } from '../contract/tables.ts'
import { readTrafficOf } from '../health/history.sql.ts'
import { summarizeTraffic, type Traffic } from '../health/summarize-traffic.ts'
import { type ProviderSums, sumByProvider } from '../ledger/sum-by-provider.sql.ts'
import type { Database } from '../platform/database.ts'

/** Amounts of so many units are said, so that they can be read. */
const unitsTold: Record<ServiceName, bigint> = { parse: 1n, embed: 1_000_000n }

/** What each provider did in a span, real beside simulated: what the books say, and how its calls went. */
export async function viewProviderHistory(
  database: Database<Tables>,
  scope: { tenantId: string | null; from: Date; to: Date },
): Promise<ProviderRecord[]> {
  return await database.snapshot(async session => {
    const traffic = new Map((await readTrafficOf(session, scope)).map(row => [row.provider, row]))
    return (await sumByProvider(session, scope)).map(sums => toRecord(sums, traffic.get(healthNameOf(sums))))
  })
}

function toRecord(sums: ProviderSums, traffic: Traffic | undefined): ProviderRecord {
  const { service, provider, simulated, models, calls, documents, units, costNanoUsd, shadowNanoUsd } = sums
  const perUnits = unitsTold[service]
  return {
    service,
    provider,
    simulated,
    models,
    calls,
    documents,
    unit: unitOfOperation[service],
    units: String(units),
    total: { costNanoUsd: String(costNanoUsd), shadowNanoUsd: String(shadowNanoUsd) },
    perDocument:
      documents === 0
        ? null
        : {
            costNanoUsd: share(sums.documentCostNanoUsd, 1n, BigInt(documents)),
            shadowNanoUsd: share(sums.documentShadowNanoUsd, 1n, BigInt(documents)),
          },
    perUnits:
      units === 0n
        ? null
        : {
            units: Number(perUnits),
            costNanoUsd: share(costNanoUsd, perUnits, units),
            shadowNanoUsd: share(shadowNanoUsd, perUnits, units),
          },
    measured: traffic ? { ...summarizeTraffic(traffic), answers: traffic.latencies.reduce((a, b) => a + b, 0) } : null,
  }
}

/** `amount` × `of` ÷ `by`, rounded half up. */
function share(amount: bigint, of: bigint, by: bigint): string {
  return String((amount * of + by / 2n) / by)
}
