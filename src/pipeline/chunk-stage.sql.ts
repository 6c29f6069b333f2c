import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Chunk, ChunkSettings } from '../contract/chunk.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import { copyIn } from '../platform/copy-in.ts'
import { encodeCopyRows } from '../platform/copy-rows.ts'
import type { Session } from '../platform/database.ts'

export interface ChunkTask {
  settings: ChunkSettings
  pages: ParsedPage[]
}

/**
 * Pages and settings by job. `OFFSET 0` keeps the planner from reordering the lookups: without statistics, as in a database
 * that is being filled for the first time, it takes a tenant for a few rows and reads all of its pages for each job.
 */
export async function readChunkTasks(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  attempts: readonly Attempt[],
): Promise<Map<string, ChunkTask>> {
  const { rows } = await sql<{ jobId: string; chunkSettings: ChunkSettings; pageNumber: number; markdown: string }>`
    SELECT a.job_id, v.chunk_settings, p.page_number, p.markdown
    FROM unnest(${attempts.map(a => a.tenantId)}::text[], ${attempts.map(a => a.versionId)}::uuid[],
      ${attempts.map(a => a.jobId)}::uuid[]) AS a(tenant_id, version_id, job_id)
    CROSS JOIN LATERAL (
      SELECT chunk_settings, parse_id FROM sluice.versions
      WHERE tenant_id = a.tenant_id AND version_id = a.version_id OFFSET 0) v
    CROSS JOIN LATERAL (
      SELECT page_number, markdown FROM sluice.pages
      WHERE tenant_id = a.tenant_id AND parse_id = v.parse_id OFFSET 0) p
    ORDER BY a.job_id, p.page_number`.execute(kysely)
  const tasks = new Map<string, ChunkTask>()
  for (const { jobId, chunkSettings, pageNumber, markdown } of rows) {
    const task = tasks.get(jobId) ?? { settings: chunkSettings, pages: [] }
    task.pages.push({ pageNumber, markdown })
    tasks.set(jobId, task)
  }
  return tasks
}

/** Stores the chunks of several versions in one COPY. */
export async function saveChunks(
  { kysely, client }: Session<Tables>,
  chunked: readonly { attempt: Attempt; chunks: readonly Chunk[] }[],
): Promise<void> {
  const rows = chunked.flatMap(({ attempt, chunks }) =>
    chunks.map(chunk => [
      { text: attempt.tenantId },
      { uuid: attempt.versionId },
      { int4: chunk.ordinal },
      { int4: chunk.pageNumber },
      { int4: chunk.start },
      { int4: chunk.end },
      { int4: chunk.tokenCount },
      { text: chunk.headingPath.join('\n') },
      { bytes: hash('sha256', chunk.text, 'buffer') },
      { text: chunk.text },
    ]),
  )
  const statement = `COPY sluice.chunks (tenant_id, version_id, ordinal, page_number, start_offset, end_offset, token_count,
    heading_path, text_hash, text) FROM STDIN (FORMAT binary)`
  await copyIn(client, statement, encodeCopyRows(rows))
  await sql`
    UPDATE sluice.versions v SET chunk_count = c.chunk_count
    FROM unnest(${chunked.map(c => c.attempt.tenantId)}::text[], ${chunked.map(c => c.attempt.versionId)}::uuid[],
      ${chunked.map(c => c.chunks.length)}::int[]) AS c(tenant_id, version_id, chunk_count)
    WHERE v.tenant_id = c.tenant_id AND v.version_id = c.version_id`.execute(kysely)
}
