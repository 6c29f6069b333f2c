import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { budgetPolicies } from '../contract/budget-terms.ts'
import type { Quote } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { BookingParts } from './booking.ts'
import type { PresentWindow } from './budget-cache.ts'
import { splitExactly } from './split-exactly.ts'

const amount = z.string().transform(BigInt)
const reservationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('held') }),
  z.object({ kind: z.literal('stale') }),
  z.object({ kind: z.literal('beyond_quote'), leftNanoUsd: amount, others: z.boolean() }),
  z.object({
    kind: z.literal('busy'),
    items: z.array(z.object({ key: z.string(), callId: z.string(), inDoubt: z.boolean() })),
  }),
  z.object({
    kind: z.literal('exhausted'),
    budgets: z.array(
      z.object({
        tenantId: z.string(),
        budgetId: z.string(),
        money: z.enum(['real', 'shadow']),
        period: z.string(),
        policy: z.enum(budgetPolicies),
        capNanoUsd: amount,
        heldNanoUsd: amount,
        spentNanoUsd: amount,
        neededNanoUsd: amount,
        missingNanoUsd: amount,
        fairShare: z.boolean(),
        windowEnd: z
          .string()
          .nullable()
          .transform(text => (text === null ? null : new Date(text))),
      }),
    ),
  }),
])

/**
 * `held`: all budgets have room, and the hold is taken. `exhausted`: these have none. `busy`: other calls are buying some of the
 * items. `stale`: the budgets or their windows are not the present ones. `beyond_quote`: the quote has not so much left, or `others`, documents
 * of it that are still to be parsed, may need it.
 */
export type Reservation = z.output<typeof reservationSchema>

export interface ReservationRequest {
  parts: BookingParts
  quote: Quote
  items: readonly string[]
  /** The process; null for a quote, which ends at `expiresAt` if nobody ends it before. */
  owner: string | null
  expiresAt?: Date
  /** Only if its ingest's quote has all of it left, beside what other documents of that quote may need. */
  withinQuote?: boolean
  revision: bigint
  windows: readonly PresentWindow[]
}

/** Reserves in one atomic statement; see `sluice.reserve` in migrations/. The same call id again changes nothing. */
export async function reserve(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  request: ReservationRequest,
): Promise<Reservation> {
  const taken = sql`sluice.reserve(${JSON.stringify(toParameter(request))}::jsonb)`
  const { rows } = await sql<{ reservation: unknown }>`
    SELECT ${request.withinQuote ? ifLeftOfQuote(request, taken) : taken} AS reservation`.execute(kysely)
  return reservationSchema.parse(rows[0]?.reservation)
}

/** The quote is locked until the end of the statement, so that what is left of it stays there; `sluice.reserve` locks it first, too. */
function ifLeftOfQuote(
  { parts: { context, service }, quote: { costNanoUsd, shadowNanoUsd } }: ReservationRequest,
  taken: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const own = context.shares.flatMap(({ jobId }) => (jobId === null ? [] : [jobId]))
  return sql`(
    WITH quote AS MATERIALIZED (
      SELECT h.cost_nano_usd AS cost, h.shadow_nano_usd AS shadow FROM sluice.holds h
      WHERE h.tenant_id = ${context.tenantId} AND h.quote_id = ${context.quoteId}::uuid AND h.service = ${service}
        AND h.expires_at IS NOT NULL AND h.state = 'held' ORDER BY h.call_id LIMIT 1 FOR UPDATE
    ), left_over AS MATERIALIZED (
      SELECT coalesce((SELECT cost FROM quote), 0) AS cost, coalesce((SELECT shadow FROM quote), 0) AS shadow,
        EXISTS (SELECT FROM sluice.jobs j WHERE j.tenant_id = ${context.tenantId} AND j.quote_id = ${context.quoteId}::uuid
          AND j.finished_at IS NULL AND j.stage = 'parse' AND j.job_id <> ALL (${own}::uuid[])) AS others
    )
    SELECT CASE WHEN cost >= ${costNanoUsd} AND shadow >= ${shadowNanoUsd} AND NOT others THEN ${taken}
      ELSE jsonb_build_object('kind', 'beyond_quote', 'leftNanoUsd', cost::text, 'others', others) END FROM left_over)`
}

function toParameter({ parts, quote, items, owner, expiresAt, revision, windows }: ReservationRequest) {
  const { context, provenance, callId, service, newId } = parts
  const weights = context.shares.map(share => share.weight)
  const cost = splitExactly(quote.costNanoUsd, weights)
  const shadow = splitExactly(quote.shadowNanoUsd, weights)
  return {
    call: {
      tenant_id: context.tenantId,
      call_id: callId,
      quote_id: context.quoteId,
      owner,
      service,
      ...provenance,
      purpose: context.purpose,
      units: quote.units,
      expires_at: expiresAt,
    },
    shares: context.shares.map(({ documentId, jobId, apiKeyId, tags }, i) => ({
      entry_id: newId(),
      document_id: documentId,
      job_id: jobId,
      api_key_id: apiKeyId,
      tags,
      cost: String(cost[i]),
      shadow: String(shadow[i]),
    })),
    items,
    windows: windows.map(window => ({
      tenant_id: window.tenantId,
      budget_id: window.budgetId,
      window_start: window.start,
      window_end: window.end,
    })),
    revision: String(revision),
  }
}
