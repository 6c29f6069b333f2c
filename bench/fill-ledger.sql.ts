import { type RawBuilder, sql } from 'kysely'
import { cameAt, type Filling, idOf, tagsOf, tenantOf } from './filling.ts'

/**
 * Six entries for each document: a parse and an embedding, each held, released and settled. The rest are calls of the gateway and of
 * searches, each settled alone. In the order in which they came.
 */
export function entryStatements(filling: Filling): RawBuilder<unknown>[] {
  const paid = Math.min(filling.documents * 6, filling.entries)
  const n = sql.ref('n')
  const calls = sql`(
    SELECT n, ${tenantOf(n)} AS tenant_id, ${idOf(sql`service`, n)} AS call_id, service, at, ${idOf('document', n)} AS document_id,
      ${idOf('job', n)} AS job_id, ${tagsOf(n)} AS tags, n % 4 = 0 AS simulated, CASE service WHEN 'parse' THEN 'llamaparse' ELSE 'openai' END AS provider,
      CASE service WHEN 'parse' THEN (ARRAY['cost_effective', 'cost_effective', 'agentic'])[1 + n % 3] ELSE 'text-embedding-3-small' END AS model,
      CASE service WHEN 'parse' THEN 1 + n % 9 ELSE 700 + n % 900 END AS units, CASE service WHEN 'parse' THEN 3750000 * (1 + n % 9) ELSE 20 * (700 + n % 900) END AS price
    FROM (SELECT n, service, ${cameAt(n, filling)} + CASE service WHEN 'parse' THEN 1 ELSE 5 END * interval '1 second' AS at
      FROM generate_series(1, ${Math.floor(paid / 6)}::int) AS n, unnest(ARRAY['parse', 'embed']) AS service) AS c) AS c`
  const isDoubtful = sql`n > ${Math.floor(paid / 6)}::int - 20 AND service = 'embed'`
  return [insertHolds(calls, isDoubtful), insertPaid(calls, isDoubtful), insertOthers(filling.entries - paid, filling)]
}

/** The last twenty embeddings have no answer yet, and nobody knows whether they were charged. */
function insertHolds(calls: RawBuilder<unknown>, isDoubtful: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    INSERT INTO sluice.holds (tenant_id, call_id, state, service, provider, model, mode, simulated, reasons, purpose, units, cost_nano_usd,
      shadow_nano_usd, held_at, dispatched_at, ended_at)
    SELECT tenant_id, call_id, CASE WHEN ${isDoubtful} THEN 'unknown' ELSE 'settled' END, service, provider, model, 'real', simulated, '{}', 'ingest',
      units, price, price, at, at, CASE WHEN NOT (${isDoubtful}) THEN at + interval '3 seconds' END FROM ${calls}`
}

function insertPaid(calls: RawBuilder<unknown>, isDoubtful: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
      document_id, job_id, tags, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, held_shadow_nano_usd, at, booked_at)
    SELECT tenant_id, gen_random_uuid(), call_id, k.kind, service, provider, model, CASE WHEN simulated THEN 'mock' ELSE 'real' END, simulated,
      '{"the policy of tables"}', 'ingest', document_id, job_id, tags, k.units * c.units,
      CASE WHEN simulated THEN 0 ELSE k.units * price END, k.units * price, k.held * price, k.held * price, c.at + k.after, c.at
    FROM ${calls} JOIN (VALUES ('hold', 0, 1, interval '0'), ('release', 0, -1, interval '3 seconds'), ('settlement', 1, 0, interval '3 seconds'))
      AS k(kind, units, held, after) ON k.kind = 'hold' OR NOT (${isDoubtful})
    ORDER BY c.at + k.after`
}

function insertOthers(count: number, { documents }: Filling): RawBuilder<unknown> {
  return sql`
    INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose, tags,
      units, cost_nano_usd, shadow_nano_usd, at, booked_at)
    SELECT ${tenantOf(sql`n % ${documents}::int`)}, gen_random_uuid(), gen_random_uuid(), 'settlement', 'embed', CASE n % 7 WHEN 0 THEN 'local' ELSE 'openai' END,
      (ARRAY['text-embedding-3-small', 'text-embedding-3-small', 'text-embedding-3-large'])[1 + n % 3], 'real', n % 5 = 0, '{}',
      (ARRAY['search', 'gateway'])[1 + n % 2], ${tagsOf(sql`n`)}, 10 + n % 500, CASE n % 5 WHEN 0 THEN 0 ELSE 20 * (10 + n % 500) END,
      20 * (10 + n % 500), at, at
    FROM (SELECT n, now() - (${count}::float8 - n) / ${count}::float8 * interval '90 days' AS at FROM generate_series(1, ${count}::int) AS n) AS c
    ORDER BY at`
}
