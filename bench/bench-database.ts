import { join } from 'node:path'
import { createBenchClient } from './bench-client.ts'
import { measureBounds } from './bounds.ts'
import { createPlace, type DatabaseKind, type Place } from './create-place.ts'
import { type IngestRun, ingest, writeDocuments } from './ingest.ts'
import type { Measurement } from './measurement.ts'
import { describePipeline, readCorpusSize, readStageSplit } from './pipeline.bench.ts'
import { describeSearch, timeSearches } from './search.bench.ts'
import { startChild } from './start-child.ts'

export interface DatabaseBenchOptions {
  kind: DatabaseKind
  documents: number
  /** Searches the corpus too. */
  search: boolean
  /** Builds an HNSW index and measures its recall; takes minutes beyond 10,000 chunks on the embedded database. */
  index: boolean
  profileDir: string | undefined
  report(part: 'pipeline' | 'search', measurements: readonly Measurement[]): void
}

const embeddedChunksPerSecond = 400

/**
 * Ingests generated documents into an empty database of this kind and searches them, then measures the bounds in it. Returns
 * how long the ingest took, in milliseconds.
 */
export async function benchDatabase(options: DatabaseBenchOptions): Promise<number> {
  const place = await createPlace(options.kind)
  try {
    const files = await writeDocuments(join(place.dataDir, 'files'), options.documents)
    const server = await startChild(place.environment, options.profileDir)
    const client = createBenchClient(server.url, server.secret)
    const run = await ingest(server, client, files)
    const latencies = options.search ? await timeSearches(client) : []
    client.close()
    await server.close()
    await describe(place, run, latencies, options)
    return run.tookMs
  } finally {
    await place.remove()
  }
}

async function describe(
  place: Place,
  run: IngestRun,
  latencies: readonly number[],
  { kind, documents, search, index, report }: DatabaseBenchOptions,
): Promise<void> {
  const database = await place.open()
  try {
    const size = await readCorpusSize(database)
    const stages = await readStageSplit(database)
    const bounds = await measureBounds(database, documents)
    const goal = kind === 'embedded' ? embeddedChunksPerSecond : undefined
    report('pipeline', describePipeline(run, size, stages, bounds, goal))
    if (search) report('search', await describeSearch(latencies, database, index))
  } finally {
    await database.close()
  }
}
