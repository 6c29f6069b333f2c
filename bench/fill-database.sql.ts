import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../src/contract/tables.ts'
import type { Database, Session } from '../src/platform/database.ts'
import { entryStatements } from './fill-ledger.sql.ts'
import { cameAt, type Filling, idOf, tagsOf, tenantOf, tenants } from './filling.ts'

/**
 * Fills a migrated database, in which one document has been brought in, with 90 days of the past: documents with versions, jobs, their
 * events, parses, pages and chunks, and entries of the books. Without its events, which are forgotten after a day.
 */
export async function fillDatabase(database: Database<Tables>, filling: Filling): Promise<void> {
  await database.transaction(async session => {
    await quieten(session, 'DISABLE')
    for (const statement of [...placeStatements(filling), ...documentStatements(filling), ...entryStatements(filling)])
      await statement.execute(session.kysely)
    await quieten(session, 'ENABLE')
  })
}

/** As autovacuum would have done meanwhile. */
export async function vacuum({ kysely }: Database<Tables>): Promise<void> {
  await sql`VACUUM (ANALYZE)`.execute(kysely)
}

async function quieten({ kysely }: Session<Tables>, change: 'ENABLE' | 'DISABLE'): Promise<void> {
  const told = ['job_events', 'ledger_entries', 'documents', 'alerts', 'audit_events']
  for (const table of told)
    await sql`ALTER TABLE ${sql.table(`sluice.${table}`)} ${sql.raw(change)} TRIGGER tell`.execute(kysely)
}

type Statement = RawBuilder<unknown>

function placeStatements({ documents }: Filling): Statement[] {
  return [
    sql`INSERT INTO sluice.tenants (tenant_id) SELECT unnest(${[...tenants]}::text[]) ON CONFLICT DO NOTHING`,
    sql`
      INSERT INTO sluice.vector_spaces (tenant_id, space_id, provider, model, dimensions, revision, simulated)
      SELECT t.tenant_id, s.space_id, s.provider, s.model, s.dimensions, s.revision, s.simulated FROM sluice.vector_spaces s, sluice.tenants t
      WHERE s.tenant_id = 'bench' ON CONFLICT DO NOTHING`,
    sql`
      INSERT INTO sluice.alerts (tenant_id, kind, subject, details, at)
      SELECT ${tenantOf(sql`n`)}, 'call_overrun', 'call ' || n, '{"service": "parse", "provider": "llamaparse"}',
        now() - n * interval '90 days' / ${documents}::int FROM generate_series(1, ${documents}::int, 20) AS n`,
    sql`
      INSERT INTO sluice.audit_events (tenant_id, at, actor, action, subject, details)
      SELECT 'bench', now() - n * interval '90 days' / ${documents}::int, 'key', 'mode.set', 'parse', '{}'
      FROM generate_series(1, ${documents}::int, 50) AS n`,
  ]
}

function documentStatements(filling: Filling): Statement[] {
  const n = sql.ref('n')
  const each = sql`generate_series(1, ${filling.documents}::int) AS n`
  const key = sql`${tenantOf(n)} AS tenant_id, n, ${cameAt(n, filling)} AS at`
  const jobs = sql`(SELECT ${key}, ${stateOf(n)} AS state FROM ${each}) AS j`
  return [
    sql`
      INSERT INTO sluice.documents (tenant_id, document_id, sha256, byte_count, file_name, file_type, live_version_id, created_at, tags)
      SELECT j.tenant_id, ${idOf('document', n)}, sha256(n::text::bytea), 20000 + n % 9000, 'report-' || n || '.md', 'markdown',
        CASE state WHEN 'succeeded' THEN ${idOf('version', n)} END, j.at, ${tagsOf(n)} FROM ${jobs}`,
    sql`
      INSERT INTO sluice.parses (tenant_id, parse_id, document_id, settings_key, page_count, provenance, created_at)
      SELECT j.tenant_id, ${idOf('parse', n)}, ${idOf('document', n)}, 'bench', 1,
        p.provenance || jsonb_build_object('provisional', n % 200 = 0), j.at
      FROM ${jobs}, (SELECT provenance FROM sluice.parses LIMIT 1) AS p`,
    sql`
      INSERT INTO sluice.pages (tenant_id, parse_id, page_number, markdown)
      SELECT j.tenant_id, ${idOf('parse', n)}, 1, '# Report ' || n || E'\n\nThe pump of station ' || n || ' was looked after.' FROM ${jobs}`,
    sql`
      INSERT INTO sluice.versions (tenant_id, version_id, document_id, chunk_settings, space_id, parse_id, chunk_count, published_at, created_at)
      SELECT j.tenant_id, ${idOf('version', n)}, ${idOf('document', n)}, v.chunk_settings, v.space_id, ${idOf('parse', n)}, 2,
        CASE state WHEN 'succeeded' THEN j.at + interval '9 seconds' END, j.at
      FROM ${jobs}, (SELECT chunk_settings, space_id FROM sluice.versions LIMIT 1) AS v`,
    sql`
      INSERT INTO sluice.chunks (tenant_id, version_id, ordinal, page_number, start_offset, end_offset, token_count, heading_path, text_hash, text)
      SELECT j.tenant_id, ${idOf('version', n)}, o, 1, 0, 40, 12, 'Report ' || n, sha256((n % 1000)::text::bytea),
        'The pump of station ' || n % 1000 || ' was looked after.' FROM ${jobs}, generate_series(0, 1) AS o`,
    insertJobs(jobs),
    sql`
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason, at)
      SELECT j.tenant_id, ${idOf('job', n)}, s.stage, s.state, 1, 'bench', j.at + s.after * interval '1 second'
      FROM ${jobs}, (VALUES ('parse', 'queued', 0), ('parse', 'running', 1), ('publish', 'succeeded', 9)) AS s(stage, state, after)`,
  ]
}

/** 96 % have succeeded, 2 % failed; some hundreds wait for money, some try again tomorrow. */
const stateOf = (n: Statement) => sql`CASE WHEN ${n} % 50 = 7 THEN 'failed' WHEN ${n} % 200 = 11 THEN 'cancelled'
  WHEN ${n} % 250 = 20 THEN 'deferred' WHEN ${n} % 500 = 30 THEN 'retrying' ELSE 'succeeded' END`
function insertJobs(jobs: Statement): Statement {
  const n = sql.ref('n')
  return sql`
    INSERT INTO sluice.jobs (tenant_id, job_id, document_id, version_id, stage, state, error_code, error_message, error_cause,
      deadline_at, wake_at, deferral_reason, deferral_message, deferral_budget_tenant, deferral_budget_id, deferral_needed_nano_usd,
      deferral_missing_nano_usd, correlation_id, created_at, updated_at, finished_at, tags)
    SELECT j.tenant_id, ${idOf('job', n)}, ${idOf('document', n)}, ${idOf('version', n)}, CASE state WHEN 'succeeded' THEN 'publish' ELSE 'parse' END,
      state, CASE WHEN is_bad THEN 'document_unreadable' END, CASE WHEN is_bad THEN 'The file is damaged.' END,
      CASE WHEN is_bad THEN 'kind ' || n / 50 % 30 END, CASE WHEN is_open THEN now() + interval '2 days' END,
      CASE WHEN is_open THEN now() + interval '1 day' END, CASE WHEN is_deferred THEN 'budget' END,
      CASE WHEN is_deferred THEN 'waits for money' END, CASE WHEN is_deferred THEN '*' END, CASE WHEN is_deferred THEN 'all-month' END,
      CASE WHEN is_deferred THEN 4e14 END, CASE WHEN is_deferred THEN 4e14 END, 'bench', at, at + interval '9 seconds',
      CASE WHEN NOT is_open THEN at + interval '9 seconds' + n % 40 * interval '1 second' END, ${tagsOf(n)}
    FROM ${jobs} CROSS JOIN LATERAL (SELECT state IN ('failed', 'retrying') AS is_bad, state IN ('deferred', 'retrying') AS is_open,
      state = 'deferred' AS is_deferred) AS f`
}
