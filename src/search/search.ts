import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import { asAppError } from '../contract/failure.ts'
import type { Booking, MeteredService } from '../contract/metered-service.ts'
import type { NamedSpace, VectorSpace } from '../contract/provenance.ts'
import type { SearchHit, SearchRequest, SearchResponse } from '../contract/search.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type Fused, fuseRanks } from './fuse-ranks.ts'
import { readHighlights } from './read-highlights.ts'
import * as searchSql from './search.sql.ts'

export interface SearchOptions {
  database: Database<Tables>
  spaces: {
    /** The space that the tenant's search uses; null before its first document. */
    live(tenantId: string): Promise<NamedSpace | null>
    /** Embeds in a space; null where nobody can. */
    serviceOf(space: VectorSpace, tenantId: string): MeteredService<EmbedInput, EmbedOutput> | null
    /** Where new documents of a tenant go, whose search uses `live`. */
    forNew(live: NamedSpace | null, tenantId: string): NamedSpace
  }
  countTokens(text: string): number
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
}

/** Who searches; budgets of a key count its searches too. */
export interface Searcher {
  tenantId: string
  apiKeyId: string | null
}

const candidatesPerHit = 5
const minCandidates = 50
const embedTimeoutMs = 20_000

/**
 * Searches a tenant's live versions by vector and by words, fused. The query is embedded in the space that is searched; when
 * that is impossible the answer comes from full text alone, and says so in `degraded`.
 */
export async function search(
  options: SearchOptions,
  { tenantId, apiKeyId }: Searcher,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<SearchResponse> {
  const startedAt = performance.now()
  const { database } = options
  const space = await options.spaces.live(tenantId)
  const limit = Math.max(minCandidates, request.k * candidatesPerHit)
  const query = await embedQuery(options, { tenantId, apiKeyId }, space, request.query, signal)
  // In one snapshot: a version that is swapped meanwhile is found as a whole, or not at all.
  const hits = await database.snapshot(async session => {
    const byVector =
      space && query.kind === 'vector'
        ? await searchSql.findNearest(session, tenantId, space, query.vector, request.filters, limit)
        : []
    const byText = await searchSql.findByText(session, tenantId, request.query, request.filters, limit)
    const fused = fuseRanks(byVector, byText).slice(0, request.k)
    return await readFusedHits(session, { tenantId, space }, request.query, fused)
  })
  return {
    hits,
    method: query.kind === 'vector' ? 'hybrid' : 'full_text',
    degraded: query.kind === 'vector' ? elsewhere(options, space, tenantId) : query.why,
    space: space && query.kind === 'vector' ? withoutId(space) : null,
    tookMs: Math.round((performance.now() - startedAt) * 10) / 10,
  }
}

/** Says that some documents may be in another space than the searched one: those are found by their words alone. */
function elsewhere({ spaces }: SearchOptions, live: NamedSpace | null, tenantId: string): string | null {
  const { spaceId } = spaces.forNew(live, tenantId)
  if (!live || spaceId === live.spaceId) return null
  const all = '`sluice reembed` brings all documents into it'
  return `Documents of vector space ${spaceId}, where new ones go, were compared by words only; the vectors of ${live.spaceId} were searched. ${all}.`
}

type QueryVector = { kind: 'vector'; vector: Float32Array } | { kind: 'none'; why: string }

async function embedQuery(
  options: SearchOptions,
  { tenantId, apiKeyId }: Searcher,
  space: NamedSpace | null,
  text: string,
  signal: AbortSignal,
): Promise<QueryVector> {
  if (!space) return { kind: 'none', why: 'No document has been ingested yet.' }
  const service = options.spaces.serviceOf(space, tenantId)
  if (!service) {
    const wanted = options.spaces.forNew(space, tenantId).spaceId
    const why = `Documents are in vector space ${space.spaceId}, queries would be in ${wanted}; only words were compared`
    return { kind: 'none', why: `${why}. \`sluice reembed\` brings all documents into ${wanted}.` }
  }
  try {
    const input = { texts: [{ text, tokenCount: options.countTokens(text) }] }
    const shares = [{ documentId: null, jobId: null, apiKeyId, tags: [], weight: 1 }]
    const context = { tenantId, purpose: 'search', quoteId: null, items: [], shares } as const
    const both = AbortSignal.any([signal, AbortSignal.timeout(embedTimeoutMs)])
    const { output, booking } = await service.call(input, context, { signal: both })
    await options.database.transaction(session => options.bookCalls(session, [booking]))
    const [vector] = output.vectors
    return vector
      ? { kind: 'vector', vector }
      : { kind: 'none', why: 'The embedding service gave no vector for the query.' }
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = asAppError(error)
    return { kind: 'none', why: `The query could not be embedded (${code}: ${message}); only words were compared.` }
  }
}

async function readFusedHits(
  session: Session<Tables>,
  { tenantId, space }: { tenantId: string; space: NamedSpace | null },
  query: string,
  fused: readonly Fused<searchSql.VectorMatch, searchSql.TextMatch>[],
): Promise<SearchHit[]> {
  const wanted = fused.map(f => f.vector?.entry ?? f.fullText?.entry).filter(entry => entry !== undefined)
  const rows = new Map((await searchSql.readHits(session, tenantId, query, wanted)).map(row => [row.key, row]))
  return fused.flatMap(one => {
    const row = rows.get(one.key)
    return row ? [toHit(one, row, space)] : []
  })
}

function toHit(
  fused: Fused<searchSql.VectorMatch, searchSql.TextMatch>,
  row: searchSql.HitRow,
  space: NamedSpace | null,
): SearchHit {
  const { key: _, marked, parse, embed, headingPath, ...chunk } = row
  const { vector, fullText } = fused
  return {
    ...chunk,
    headingPath: headingPath === '' ? [] : headingPath.split('\n'),
    highlights: readHighlights(marked),
    score: fused.score,
    scoreParts: {
      vector: vector && { rank: vector.rank, score: vector.score, cosineSimilarity: vector.entry.cosineSimilarity },
      fullText: fullText && { rank: fullText.rank, score: fullText.score, textRank: fullText.entry.textRank },
    },
    provenance: { parse, embed: vector && space ? withoutId(space) : embed },
  }
}

function withoutId({ spaceId: _, ...space }: NamedSpace): VectorSpace {
  return space
}
