import type { ComparedSide, Comparison } from '../contract/comparison.ts'
import { AppError } from '../contract/failure.ts'
import { measureMarkdown } from '../contract/measure-markdown.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { compareNeighbours, type EmbeddedChunk } from './compare-neighbours.ts'
import { compareTexts } from './compare-texts.ts'
import * as sideSql from './read-side.sql.ts'
import { stageTimes } from './stage-times.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** Two versions of a tenant's document side by side. Throws `not_found`, and `job_state_conflict` for one that is not complete. */
export async function compareVersions(
  reader: Reader,
  tenantId: string,
  versionIds: { a: string; b: string },
): Promise<Comparison> {
  const a = await readSide(reader, tenantId, versionIds.a)
  const b = await readSide(reader, tenantId, versionIds.b)
  if (a.facts.documentId !== b.facts.documentId)
    throw new AppError('validation_failed', 'The two versions are of different documents; compare versions of one.')
  return {
    documentId: a.facts.documentId,
    fileName: a.facts.fileName,
    a: a.side,
    b: b.side,
    ...compareTexts(a.pages, b.pages),
    neighbours: compareNeighbours(a.chunks, b.chunks),
  }
}

interface Side {
  facts: sideSql.SideFacts
  side: ComparedSide
  pages: ParsedPage[]
  chunks: EmbeddedChunk[]
}

async function readSide(reader: Reader, tenantId: string, versionId: string): Promise<Side> {
  const facts = await sideSql.readSideFacts(reader, tenantId, versionId)
  if (!facts) throw new AppError('not_found', `There is no version ${versionId}.`)
  const { jobId, state, parse, parseId } = facts
  if (state !== 'succeeded' || parse === null || parseId === null)
    throw new AppError(
      'job_state_conflict',
      `Version ${versionId} is not complete: its job is ${state}. Wait for it, and compare then.`,
    )
  const pages = await sideSql.readSidePages(reader, tenantId, parseId)
  const { events, provider } = await sideSql.readSideTimes(reader, tenantId, jobId)
  const chunks = await sideSql.readSideChunks(reader, tenantId, versionId)
  const side: ComparedSide = {
    versionId,
    jobId,
    provenance: { parse, embed: facts.embed },
    pages: pages.length,
    characters: pages.reduce((sum, page) => sum + page.markdown.length, 0),
    tables: pages.reduce((sum, page) => sum + measureMarkdown(page.markdown).tables, 0),
    chunks: facts.chunkCount ?? 0,
    costNanoUsd: String(facts.costNanoUsd),
    shadowNanoUsd: String(facts.shadowNanoUsd),
    stages: stageTimes(events, provider),
    reused: facts.calls === 0,
  }
  return { facts, side, pages, chunks: chunks.map(toEmbedded) }
}

function toEmbedded({ pageNumber, text, vector }: { pageNumber: number; text: string; vector: string }): EmbeddedChunk {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
  return { pageNumber, words, vector: Float32Array.from(JSON.parse(vector) as number[]) }
}
