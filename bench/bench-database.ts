import { join } from 'node:path'
import { createBenchClient } from './bench-client.ts'
import { measureBounds } from './bounds.ts'
import { createPlace, type DatabaseKind } from './create-place.ts'
import { ingest, writeDocuments } from './ingest.ts'
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
}

export interface DatabaseBench {
  tookMs: number
  pipeline: Measurement[]
  search: Measurement[]
}

const embeddedChunksPerSecond = 400

/** Ingests generated documents into an empty database of this kind and searches them, then measures the bounds in it. */
export async function benchDatabase(options: DatabaseBenchOptions): Promise<DatabaseBench> {
  const place = await createPlace(options.kind)
  try {
    const files = await writeDocuments(join(place.dataDir, 'files'), options.documents)
    const server = await startChild(place.environment, options.profileDir)
    const client = createBenchClient(server.url, server.secret)
    const run = await ingest(server, client, files)
    const latencies = options.search ? await timeSearches(client) : []
    client.close()
    await server.close()

    const database = await place.open()
    try {
      const size = await readCorpusSize(database)
      const stages = await readStageSplit(database)
      const bounds = await measureBounds(database, options.documents)
      const goal = options.kind === 'embedded' ? embeddedChunksPerSecond : undefined
      return {
        tookMs: run.tookMs,
        pipeline: describePipeline(run, size, stages, bounds, goal),
        search: options.search ? await describeSearch(latencies, database, options.index) : [],
      }
    } finally {
      await database.close()
    }
  } finally {
    await place.remove()
  }
}
