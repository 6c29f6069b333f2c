import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { chunk } from '../../src/chunk/chunk.ts'
import { createTokenCounter } from '../../src/chunk/count-tokens.ts'
import { chunkSettingsSchema } from '../../src/contract/chunk.ts'
import type { Tables } from '../../src/contract/tables.ts'
import { openBlobFolder } from '../../src/platform/blob-folder.fs.ts'
import type { Database } from '../../src/platform/database.ts'
import type { Place } from './databases.ts'
import { openPlace } from './open-place.ts'

interface Expected {
  name: string
  text: string
}

/**
 * Looks into the database of a stopped Sluice: every document has gone through every stage once, with all that belongs to it
 * and nothing besides. Returns how many tokens embedding the distinct texts takes, and how many were booked.
 */
export async function assertExactlyOnce(
  place: Place,
  documents: readonly Expected[],
): Promise<{ neededTokens: number; bookedTokens: number }> {
  const database = await openPlace(place)
  try {
    await assertJobs(database, documents.length)
    await assertChunks(database, documents)
    await assertParsesBookedOnce(database, documents.length)
    await assertBlobs(place, database, documents)
    return await embeddingTokens(database)
  } finally {
    await database.close()
  }
}

async function assertJobs(database: Database<Tables>, count: number): Promise<void> {
  const { rows: jobs } = await sql<{ jobId: string; state: string; live: boolean }>`
    SELECT j.job_id, j.state, d.live_version_id = j.version_id AS live FROM sluice.jobs j
    JOIN sluice.documents d USING (tenant_id, document_id)`.execute(database.kysely)
  assert.equal(jobs.length, count, 'one job for each document')
  for (const job of jobs) assert.deepEqual(job, { ...job, state: 'succeeded', live: true })
  const { rows: events } = await sql<{ jobId: string; reason: string; stage: string; token: number }>`
    SELECT job_id, reason, stage, token FROM sluice.job_events ORDER BY job_id, event_id`.execute(database.kysely)
  const byJob = Map.groupBy(events, event => event.jobId)
  assert.equal(byJob.size, count)
  for (const [jobId, sequence] of byJob) assertSequence(jobId, sequence)
}

/** Each claim has one end, each stage is done once and in order, and tokens only grow. */
function assertSequence(jobId: string, events: readonly { reason: string; stage: string; token: number }[]): void {
  const told = `job ${jobId}: ${events.map(e => `${e.reason}(${e.stage}, ${e.token})`).join(' ')}`
  const done = events
    .filter(e => e.reason === 'stage_done' || e.reason === 'all_done')
    .map(e => `${e.reason} ${e.stage}`)
  assert.deepEqual(done, ['stage_done chunk', 'stage_done embed', 'stage_done publish', 'all_done publish'], told)
  assert.equal(events[0]?.reason, 'created', told)
  assert.equal(events.at(-1)?.reason, 'all_done', told)
  const moves = events.slice(1).filter(e => e.reason !== 'woken')
  moves.forEach(({ reason, token }, i) => {
    const isClaim = i % 2 === 0
    assert.equal(reason === 'claimed', isClaim, told)
    assert.ok(isClaim || ['stage_done', 'all_done', 'interrupted'].includes(reason), told)
    assert.ok(token >= (moves[i - 1]?.token ?? 0), told)
  })
}

async function assertChunks(database: Database<Tables>, documents: readonly Expected[]): Promise<void> {
  const counter = createTokenCounter()
  const settings = chunkSettingsSchema.parse({})
  const { rows } = await sql<{
    fileName: string
    ordinal: number
    startOffset: number
    endOffset: number
    textHash: Buffer
    embedded: number
  }>`
    SELECT d.file_name, c.ordinal, c.start_offset, c.end_offset, c.text_hash, (SELECT count(*)::int FROM sluice.embeddings e
      WHERE e.tenant_id = c.tenant_id AND e.space_id = v.space_id AND e.text_hash = c.text_hash) AS embedded
    FROM sluice.chunks c JOIN sluice.versions v USING (tenant_id, version_id) JOIN sluice.documents d USING (tenant_id, document_id)
    ORDER BY d.file_name, c.ordinal`.execute(database.kysely)
  const found = Map.groupBy(rows, row => row.fileName)
  assert.equal(found.size, documents.length)
  for (const { name, text } of documents) {
    const expected = chunk([{ pageNumber: 1, markdown: text }], settings, counter)
    assert.ok(expected.length > 1, 'the test documents have several chunks')
    const rowsWanted = expected.map(c => ({
      fileName: name,
      ordinal: c.ordinal,
      startOffset: c.start,
      endOffset: c.end,
      textHash: hash('sha256', c.text, 'buffer'),
      embedded: 1,
    }))
    assert.deepEqual(found.get(name), rowsWanted, `chunks of ${name}`)
  }
  const { rows: unused } = await sql`
    SELECT 1 FROM sluice.embeddings e WHERE NOT EXISTS (
      SELECT 1 FROM sluice.chunks c WHERE c.tenant_id = e.tenant_id AND c.text_hash = e.text_hash)`.execute(
    database.kysely,
  )
  assert.equal(unused.length, 0, 'no vector without a chunk')
}

async function assertParsesBookedOnce(database: Database<Tables>, count: number): Promise<void> {
  const { rows } = await sql<{ parses: number; booked: number; pages: number; units: number }>`
    SELECT (SELECT count(*)::int FROM sluice.parses p WHERE p.document_id = d.document_id) AS parses,
      (SELECT count(*)::int FROM sluice.pages g JOIN sluice.parses p USING (tenant_id, parse_id) WHERE p.document_id = d.document_id) AS pages,
      (SELECT count(*)::int FROM sluice.ledger_entries l WHERE l.document_id = d.document_id AND l.service = 'parse') AS booked,
      (SELECT sum(units)::int FROM sluice.ledger_entries l WHERE l.document_id = d.document_id AND l.service = 'parse') AS units
    FROM sluice.documents d`.execute(database.kysely)
  assert.equal(rows.length, count)
  for (const row of rows) assert.deepEqual(row, { parses: 1, pages: 1, booked: 1, units: 1 })
}

async function assertBlobs(place: Place, database: Database<Tables>, documents: readonly Expected[]): Promise<void> {
  const blobs = await openBlobFolder(`${place.dataDir}/blobs`, () => 'unused', place.kind === 'embedded')
  const { rows } = await sql<{ sha256: Buffer }>`SELECT sha256 FROM sluice.documents`.execute(database.kysely)
  const wanted = documents.map(d => hash('sha256', d.text)).sort()
  assert.deepEqual(rows.map(row => row.sha256.toString('hex')).sort(), wanted)
  const { signal } = new AbortController()
  for (const { sha256 } of rows) await blobs.verifiedPath('default', sha256, signal)
}

async function embeddingTokens(database: Database<Tables>): Promise<{ neededTokens: number; bookedTokens: number }> {
  const { rows } = await sql<{ neededTokens: number; bookedTokens: number }>`
    SELECT (SELECT sum(token_count)::int FROM (SELECT DISTINCT text_hash, token_count FROM sluice.chunks) AS texts) AS needed_tokens,
      (SELECT sum(units)::int FROM sluice.ledger_entries WHERE service = 'embed') AS booked_tokens`.execute(
    database.kysely,
  )
  return rows[0] ?? { neededTokens: 0, bookedTokens: 0 }
}
