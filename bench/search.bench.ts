import type { Tables } from '../src/contract/tables.ts'
import type { Database, Session } from '../src/platform/database.ts'
import { simulatedVector } from '../src/providers/openai/simulated-vector.ts'
import { findNearest, type LiveSpace, readLiveSpace, type VectorMatch } from '../src/search/search.sql.ts'
import { indexLargeSpaces } from '../src/search/vector-index.sql.ts'
import type { BenchClient } from './bench-client.ts'
import { generateQueries } from './generate-documents.ts'
import { comparedWith, type Measurement } from './measurement.ts'

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
  const space = await database.session(session => readLiveSpace(session, 'bench'))
  if (!space) throw new Error('the corpus has no vector space')
  const exact = await timeNearest(database, space, 'planned')
  const raw: Measurement = { name: 'the vector query in SQL, p50', value: percentile(exact.latencies, 0.5), unit: 'ms' }
  const figures = [
    comparedWith({ name: 'search over HTTP, p50', value: percentile(latencies, 0.5), unit: 'ms' }, raw),
    { name: 'search over HTTP, p95', value: percentile(latencies, 0.95), unit: 'ms' },
    raw,
    { name: 'the vector query in SQL, p95', value: percentile(exact.latencies, 0.95), unit: 'ms' },
  ]
  return withIndex ? [...figures, ...(await describeIndex(database, space, exact))] : figures
}

async function describeIndex(database: Database<Tables>, space: LiveSpace, exact: NearestRun): Promise<Measurement[]> {
  const startedAt = performance.now()
  await indexLargeSpaces(database, 1)
  const buildSeconds = (performance.now() - startedAt) / 1000
  const planned = await timeNearest(database, space, 'planned')
  const indexed = await timeNearest(database, space, 'index')
  return [
    { name: 'HNSW index, building', value: buildSeconds, unit: 's' },
    { name: 'the vector query with the index there, p50', value: percentile(planned.latencies, 0.5), unit: 'ms' },
    { name: `recall of the index, first ${hitCount}`, value: recall(exact.found, indexed.found), unit: 'of 1' },
  ]
}

interface NearestRun {
  latencies: number[]
  found: string[][]
}

async function timeNearest(
  database: Database<Tables>,
  space: LiveSpace,
  way: 'planned' | 'index',
): Promise<NearestRun> {
  const run: NearestRun = { latencies: [], found: [] }
  for (const query of generateQueries(queryCount, 12)) {
    const vector = simulatedVector(query, space.dimensions, space.model)
    const nearest = await database.transaction(async session => {
      await allow(session, way)
      const startedAt = performance.now()
      const matches = await findNearest(session, 'bench', space, vector, {}, candidates)
      run.latencies.push(performance.now() - startedAt)
      return matches
    })
    run.found.push(nearest.slice(0, hitCount).map(keyOf))
  }
  run.latencies.sort((a, b) => a - b)
  return run
}

/** The planner takes what it holds for cheaper; for the recall of the index every other way is made dear. */
async function allow({ client }: Session<Tables>, way: 'planned' | 'index'): Promise<void> {
  if (way === 'index') await client.query('SET LOCAL enable_sort = off')
}

function recall(exact: readonly string[][], found: readonly string[][]): number {
  const wanted = exact.flat().length
  const hit = exact.reduce((sum, keys, i) => sum + keys.filter(key => found[i]?.includes(key)).length, 0)
  return hit / wanted
}

function keyOf({ key }: VectorMatch): string {
  return key
}

function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
}
