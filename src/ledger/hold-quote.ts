import { AppError } from '../contract/failure.ts'
import type { Provenance, ServiceName } from '../contract/provenance.ts'
import type { QuoteHold } from '../contract/quote.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { releaseHolds } from './book-calls.sql.ts'
import { openQuoteHolds } from './change-hold.sql.ts'
import type { Ledger } from './ledger.ts'
import { sayShort } from './say-deferral.ts'

export interface QuoteHolder {
  tenantId: string
  apiKeyId: string | null
  /** Who would take the calls of a service now. */
  provenanceOf(service: ServiceName, tenantId: string): Provenance
}

const keptForMs = 24 * 3_600_000

/**
 * Holds the whole quote of an ingest, so that its calls find their money whatever else goes on, or nothing. What is left when its
 * jobs have ended, or after a day, comes free. Throws `quote_exceeded` with the budget that has no room.
 */
export async function holdQuote(
  { database, ledger, newId }: { database: Database<Tables>; ledger: Ledger; newId(): string },
  holder: QuoteHolder,
  quote: QuoteHold,
): Promise<{ quoteId: string; expiresAt: Date }> {
  const quoteId = newId()
  const expiresAt = new Date(Date.now() + keptForMs)
  for (const service of ['parse', 'embed'] as const) {
    const { units, realNanoUsd, shadowNanoUsd } = quote[service]
    const amount = { units, costNanoUsd: BigInt(realNanoUsd), shadowNanoUsd: BigInt(shadowNanoUsd) }
    if (amount.costNanoUsd === 0n && amount.shadowNanoUsd === 0n) continue
    const shares = [{ documentId: null, jobId: null, apiKeyId: holder.apiKeyId, tags: quote.tags, weight: 1 }]
    const context = { tenantId: holder.tenantId, purpose: 'ingest', quoteId, shares } as const
    const parts = {
      service,
      context,
      provenance: holder.provenanceOf(service, holder.tenantId),
      callId: newId(),
      held: true,
      newId,
    }
    const reservation = await ledger.reserve(parts, amount, [], { expiresAt })
    if (reservation.kind === 'held') continue
    await releaseQuote(database, holder.tenantId, quoteId)
    const why =
      reservation.kind === 'exhausted' ? reservation.budgets.map(sayShort).join('; ') : 'it is being bought already'
    throw new AppError('quote_exceeded', `The quote cannot be held for ${service}: ${why}.`)
  }
  return { quoteId, expiresAt }
}

/** Gives back what a quote still holds. */
export async function releaseQuote(database: Database<Tables>, tenantId: string, quoteId: string): Promise<void> {
  await database.transaction(async session => {
    const holds = await openQuoteHolds(session, tenantId, quoteId)
    await releaseHolds(session, holds, 'what the ingest did not need')
  })
}
