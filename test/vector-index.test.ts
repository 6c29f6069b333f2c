import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { KyselyPlugin } from 'kysely'
import type { NamedSpace } from '../src/contract/provenance.ts'
import { findNearest } from '../src/search/search.sql.ts'
import { indexLargeSpaces } from '../src/search/vector-index.sql.ts'
import { readLiveSpace } from '../src/spaces/spaces.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import { word, writeMarkdown } from './harness/texts.ts'
import { useSluice } from './harness/use-sluice.ts'

const queryCount = 30
const hitsWanted = 10
const leastRecall = 0.95

onBothDatabases('the vector index', createPlace => {
  const sluice = useSluice(createPlace)
  let space: NamedSpace
  let queries: Float32Array[]
  let exact: string[][]

  before(async () => {
    const uploads = Array.from({ length: 10 }, (_, i) =>
      sluice().upload(`doc-${i}.md`, writeMarkdown(i, 110, 40), { chunking: { maxTokens: 256 } }),
    )
    await Promise.all(uploads)
    const settled = await sluice().settled()
    const chunks = settled.reduce((sum, document) => sum + (document.live?.chunkCount ?? 0), 0)
    assert.ok(chunks >= 1_000, `${chunks} chunks`)
    await sluice().sql('VACUUM (ANALYZE)')
    space = (await readLiveSpace(sluice().database, 'default')) ?? assert.fail('no space')
    queries = await embedQueries()
    exact = []
    for (const query of queries) exact.push(await nearest(query))
  })
  const embedQueries = async () => {
    const texts = Array.from({ length: queryCount }, (_, i) => ({
      text: Array.from({ length: 6 }, (_, n) => word((i * 131 + n * 977) % 4_000)).join(' '),
      tokenCount: 100,
    }))
    const context = { tenantId: 'default', purpose: 'search', quoteId: null, items: [], shares: [] } as const
    const signal = AbortSignal.timeout(60_000)
    const { output } = await sluice().server.sluice.services.embed.call({ texts }, context, { signal })
    return output.vectors
  }
  const nearest = async (query: Float32Array, before = 'SELECT 1') =>
    await sluice().database.transaction(async session => {
      await session.client.query(before)
      const matches = await findNearest(session, 'default', space, query, {}, 50)
      return matches.slice(0, hitsWanted).map(match => match.key)
    })
  const planOf = async (tenantId: string, query: Float32Array, before = 'SELECT 1') =>
    await sluice().database.transaction(async session => {
      await session.client.query(before)
      const searched = (await readLiveSpace(session, tenantId)) ?? assert.fail('no space')
      const explaining = { ...session, kysely: session.kysely.withPlugin(explain) }
      const rows: unknown = await findNearest(explaining, tenantId, searched, query, {}, 50)
      return (rows as { 'QUERY PLAN': string }[]).map(row => row['QUERY PLAN'].replace(/'\[.*?\]'/g, '?')).join('\n')
    })
  const first = () => queries[0] ?? assert.fail('no query')
  const byIndex = /Index Scan using embeddings_hnsw_/
  /** At this size the planner rightly prefers to compare every vector; this makes that the last resort. */
  const preferIndex = 'SET LOCAL enable_sort = off'

  test('without an index every vector is compared', async () => {
    assert.doesNotMatch(await planOf('default', first(), preferIndex), byIndex)
  })

  test('a space is indexed once it is large, and once only', async () => {
    assert.deepEqual(await indexLargeSpaces(sluice().database, 1_000_000), [])
    assert.deepEqual(await indexLargeSpaces(sluice().database, 500), [space.spaceId])
    assert.deepEqual(await indexLargeSpaces(sluice().database, 500), [])
  })

  test(`a search by the index finds at least ${leastRecall * 100} % of the true nearest ${hitsWanted}`, async () => {
    assert.match(await planOf('default', first(), preferIndex), byIndex)
    let found = 0
    for (const [i, query] of queries.entries()) {
      const keys = new Set(await nearest(query, preferIndex))
      found += exact[i]?.filter(key => keys.has(key)).length ?? 0
    }
    const recall = found / (queryCount * hitsWanted)
    assert.ok(recall >= leastRecall, `recall is ${recall}`)
  })

  test('a filter that only few chunks pass still gets all of them', async () => {
    const [document] = await sluice().settled()
    const documentId = document?.documentId ?? ''
    const filters = { documentIds: [documentId] }
    const matches = await sluice().database.transaction(async session => {
      await session.client.query(preferIndex)
      return await findNearest(session, 'default', space, first(), filters, 100)
    })
    assert.equal(matches.length, 100)
    assert.ok(matches.every(match => match.versionId === document?.live?.versionId))
  })

  test('a large space is searched by its index without being told to', async () => {
    await fillTenant(sluice().sql, 'large', 500, 10)
    await indexLargeSpaces(sluice().database, 4_000)
    await sluice().sql('ANALYZE')
    const query = Float32Array.from({ length: 8 }, (_, i) => i / 8)
    assert.match(await planOf('large', query), byIndex)
  })
})

/** Documents with chunks whose vectors have 8 numbers: enough of them to make an index worth while, quickly. */
async function fillTenant(
  run: (statement: string) => Promise<unknown>,
  tenantId: string,
  documents: number,
  chunks: number,
): Promise<void> {
  const id = (number: string) => `lpad(to_hex(${number}), 32, '0')::uuid`
  const hash = `sha256((d || '/' || c)::bytea)`
  const all = `generate_series(1, ${documents}) d`
  const each = `${all}, generate_series(1, ${chunks}) c`
  const space = 'large-space'
  await run(`INSERT INTO sluice.tenants (tenant_id, live_space_id) VALUES ('${tenantId}', '${space}')`)
  await run(`INSERT INTO sluice.vector_spaces (tenant_id, space_id, provider, model, dimensions, revision, simulated)
    VALUES ('${tenantId}', '${space}', 'test', 'test', 8, '1', true)`)
  await run(`INSERT INTO sluice.documents (tenant_id, document_id, sha256, byte_count, file_name, file_type, live_version_id)
    SELECT '${tenantId}', ${id('d')}, sha256(d::text::bytea), 1, 'a', 'text', ${id('d + 1000000')} FROM ${all}`)
  await run(`INSERT INTO sluice.versions (tenant_id, version_id, document_id, chunk_settings, space_id)
    SELECT '${tenantId}', ${id('d + 1000000')}, ${id('d')}, '{}', '${space}' FROM ${all}`)
  await run(`INSERT INTO sluice.chunks (tenant_id, version_id, ordinal, page_number, start_offset, end_offset, token_count,
      heading_path, text_hash, text)
    SELECT '${tenantId}', ${id('d + 1000000')}, c, 1, 0, 1, 1, '', ${hash}, 'x' FROM ${each}`)
  await run(`INSERT INTO sluice.embeddings (tenant_id, space_id, text_hash, embedding)
    SELECT '${tenantId}', '${space}', ${hash},
      (SELECT array_agg(sin(d * 12.9898 + c * 78.233 + n * 37.719)) FROM generate_series(1, 8) n)::vector FROM ${each}`)
}

/** Turns the search into an EXPLAIN of itself; what only sets something runs as it is. */
const explain: KyselyPlugin = {
  transformQuery({ node }) {
    const fragments = 'sqlFragments' in node ? (node.sqlFragments as readonly string[]) : []
    if (!fragments.join('').includes('cosine_similarity')) return node
    return { ...node, sqlFragments: [`EXPLAIN ${fragments[0]}`, ...fragments.slice(1)] } as never
  },
  transformResult: async ({ result }) => result,
}
