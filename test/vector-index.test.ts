import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { KyselyPlugin, OperationNode } from 'kysely'
import { findNearest, type LiveSpace, readLiveSpace, type VectorMatch } from '../src/search/search.sql.ts'
import { indexLargeSpaces } from '../src/search/vector-index.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import { word, writeMarkdown } from './harness/texts.ts'
import { useSluice } from './harness/use-sluice.ts'

const queryCount = 30
const hitsWanted = 10
const leastRecall = 0.95

onBothDatabases('the vector index', createPlace => {
  const sluice = useSluice(createPlace)
  let space: LiveSpace
  let queries: Float32Array[]
  let exact: VectorMatch[][]

  before(async () => {
    const names = Array.from({ length: 10 }, (_, i) => i)
    await Promise.all(
      names.map(i => sluice().upload(`doc-${i}.md`, writeMarkdown(i, 110, 40), { chunking: { maxTokens: 256 } })),
    )
    const settled = await sluice().settled()
    const chunks = settled.reduce((sum, document) => sum + (document.live?.chunkCount ?? 0), 0)
    assert.ok(chunks >= 1_000, `${chunks} chunks`)
    await sluice().sql('VACUUM (ANALYZE)')
    space = (await readLiveSpace(sluice().database, 'default')) ?? assert.fail('no space')
    const texts = Array.from({ length: queryCount }, (_, i) => ({
      text: Array.from({ length: 6 }, (_, n) => word((i * 131 + n * 977) % 4_000)).join(' '),
      tokenCount: 100,
    }))
    const context = { tenantId: 'default', purpose: 'search', shares: [] } as const
    const signal = AbortSignal.timeout(60_000)
    queries = (await sluice().server.sluice.services.embed.call({ texts }, context, { signal })).output.vectors
    exact = await Promise.all(queries.map(nearest))
  })
  const nearest = async (query: Float32Array) =>
    await sluice().database.transaction(session => findNearest(session, 'default', space, query, {}, 50))
  const planOf = async (query: Float32Array) =>
    await sluice().database.transaction(async ({ kysely, client }) => {
      const rows = await findNearest({ kysely: kysely.withPlugin(explain), client }, 'default', space, query, {}, 50)
      return JSON.stringify(rows)
    })

  test('without an index every vector is compared', async () => {
    assert.doesNotMatch(await planOf(queries[0] as Float32Array), /hnsw/)
  })

  test('a space is indexed once it is large, and once only', async () => {
    assert.deepEqual(await indexLargeSpaces(sluice().database, 1_000_000), [])
    assert.deepEqual(await indexLargeSpaces(sluice().database, 500), [space.spaceId])
    assert.deepEqual(await indexLargeSpaces(sluice().database, 500), [])
  })

  test('then search reads the index', async () => {
    await sluice().sql('ANALYZE sluice.embeddings')
    assert.match(await planOf(queries[0] as Float32Array), /Index Scan using embeddings_hnsw_/)
  })

  test(`and finds at least ${leastRecall * 100} % of the true nearest ${hitsWanted}`, async () => {
    let found = 0
    for (const [i, query] of queries.entries()) {
      const keys = new Set((await nearest(query)).slice(0, hitsWanted).map(match => match.key))
      found += (exact[i] ?? []).slice(0, hitsWanted).filter(match => keys.has(match.key)).length
    }
    const recall = found / (queryCount * hitsWanted)
    assert.ok(recall >= leastRecall, `recall is ${recall}`)
  })

  test('a filter that only few chunks pass still gets all of them', async () => {
    const [document] = await sluice().settled()
    const filters = { documentIds: [document?.documentId ?? ''] }
    const { hits } = await sluice().search(word(77), { k: 100, filters })
    assert.equal(hits.filter(hit => hit.scoreParts.vector).length, 100)
    assert.ok(hits.every(hit => hit.documentId === document?.documentId))
  })
})

/** Turns the search into an EXPLAIN of itself; what only sets something runs as it is. */
const explain: KyselyPlugin = {
  transformQuery({ node }) {
    const [first = '', ...rest] = 'sqlFragments' in node ? (node.sqlFragments as string[]) : []
    if (!/cosine_similarity/.test([first, ...rest].join(''))) return node
    return { ...node, sqlFragments: [`EXPLAIN ${first}`, ...rest] } as OperationNode as typeof node
  },
  transformResult: async ({ result }) => result,
}
