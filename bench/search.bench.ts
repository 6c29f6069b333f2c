import type { NamedSpace } from '../src/contract/provenance.ts'
import type { Tables } from '../src/contract/tables.ts'
import type { Database } from '../src/platform/database.ts'
import { simulatedVector } from '../src/providers/openai/simulated-vector.ts'
import { findNearest, indexScanEffort } from '../src/search/search.sql.ts'
import { indexLargeSpaces } from '../src/search/vector-index.sql.ts'
import { readLiveSpace } from '../src/spaces/spaces.sql.ts'
import type { BenchClient } from './bench-client.ts'
import { generateQueries } from './generate-documents.ts'
import { comparedWith, type Measurement } from './measurement.ts'
import { percentile } from './percentile.ts'

const tenantId = 'bench'
const queryCount = 200
const warmUps = 20
const hitCount = 10
/** What `POST /v1/search` asks of the vector query for ten hits. */
const candidates = 50

/** Latencies of 200 queries over HTTP, one after another, in milliseconds, ascending. */
export async function timeSearches(client: BenchClient): Promise<number[]> {
  for (const query of generateQueries(warmUps, 11)) await client.search(query, hitCount)
  const latencies: number[] = []
  for (const query of generateQueries(queryCount, 12)) {
    const startedAt = performance.now()
    const { hits, method, degraded } = await client.search(query, hitCount)
    latencies.push(performance.now() - startedAt)
    if (method !== 'hybrid' || hits.length === 0)
      throw new Error(`a search was not answered in full: ${degraded ?? 'no hits'}`)
  }
  return latencies.sort((a, b) => a - b)
}

/** The same latencies beside those of the vector query alone in SQL, and, if asked for, of an HNSW index and its recall. */
export async function describeSearch(
  latencies: readonly number[],
  database: Database<Tables>,
  withIndex: boolean,
): Promise<Measurement[]> {
  const space = await database.session(session => readLiveSpace(session, tenantId))
  if (!space) throw new Error('the corpus has no vector space')
  const exact = await timeNearest(database, space)
  const raw: Measurement = { name: 'the vector query in SQL, p50', value: percentile(exact, 0.5), unit: 'ms' }
  const figures = [
    comparedWith({ name: 'search over HTTP, p50', value: percentile(latencies, 0.5), unit: 'ms' }, raw),
    { name: 'search over HTTP, p95', value: percentile(latencies, 0.95), unit: 'ms' },
    raw,
    { name: 'the vector query in SQL, p95', value: percentile(exact, 0.95), unit: 'ms' },
  ]
  return withIndex ? [...figures, ...(await describeIndex(database, space))] : figures
}

async function describeIndex(database: Database<Tables>, space: NamedSpace): Promise<Measurement[]> {
  const exact = await findAlone(database, space, 'exact')
  const startedAt = performance.now()
  await indexLargeSpaces(database, 1)
  const buildSeconds = (performance.now() - startedAt) / 1000
  const indexed = await findAlone(database, space, 'index')
  const planned = await timeNearest(database, space)
  return [
    { name: 'HNSW index, building', value: buildSeconds, unit: 's' },
    { name: 'the vector query with the index there, p50', value: percentile(planned, 0.5), unit: 'ms' },
    { name: `recall of the index, first ${hitCount}`, value: recall(exact, indexed), unit: 'of 1' },
  ]
}

/** Latencies of the vector query as search runs it, in milliseconds, ascending. */
async function timeNearest(database: Database<Tables>, space: NamedSpace): Promise<number[]> {
  const latencies: number[] = []
  for (const query of generateQueries(queryCount, 12)) {
    const vector = simulatedVector(query, space.dimensions, space.model)
    const startedAt = performance.now()
    await database.transaction(session => findNearest(session, tenantId, space, vector, {}, candidates))
    latencies.push(performance.now() - startedAt)
  }
  return latencies.sort((a, b) => a - b)
}

/** The nearest vectors to each query, without joins; `index` when there is one, by making a sort of all of them dear. */
async function findAlone(database: Database<Tables>, space: NamedSpace, way: 'exact' | 'index'): Promise<string[][]> {
  const type = `vector(${space.dimensions})`
  const found: string[][] = []
  for (const query of generateQueries(queryCount, 12)) {
    const vector = simulatedVector(query, space.dimensions, space.model)
    await database.transaction(async ({ client }) => {
      await client.query(`SET LOCAL hnsw.ef_search = ${indexScanEffort}`)
      if (way === 'index') await client.query('SET LOCAL enable_sort = off')
      const { rows } = await client.query(
        `SELECT encode(text_hash, 'hex') AS key FROM sluice.embeddings WHERE tenant_id = $1 AND space_id = '${space.spaceId}'
         ORDER BY embedding::${type} <=> $2::${type} LIMIT ${hitCount}`,
        [tenantId, `[${vector.join(',')}]`],
      )
      found.push(rows.map(row => row.key))
    })
  }
  return found
}

function recall(exact: readonly string[][], found: readonly string[][]): number {
  const hits = exact.flatMap((keys, i) => keys.filter(key => found[i]?.includes(key)))
  return hits.length / exact.flat().length
}
