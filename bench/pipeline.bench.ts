import type { Tables } from '../src/contract/tables.ts'
import type { Database } from '../src/platform/database.ts'
import type { Bounds } from './bounds.ts'
import type { IngestRun } from './ingest.ts'
import { comparedWith, type Measurement } from './measurement.ts'

export interface CorpusSize {
  chunks: number
  tokens: number
}

export interface StageSplit {
  stage: string
  /** Mean over the documents, in milliseconds: from being ready for the stage to being claimed, and from there to its commit. */
  waitMs: number
  workMs: number
}

/** How many chunks and tokens the database holds. */
export async function readCorpusSize({ session }: Database<Tables>): Promise<CorpusSize> {
  const { rows } = await session(({ client }) =>
    client.query('SELECT count(*)::int AS chunks, sum(token_count)::int AS tokens FROM sluice.chunks'),
  )
  return rows[0]
}

/** Where the documents spent their time, from the event log. */
export async function readStageSplit({ session }: Database<Tables>): Promise<StageSplit[]> {
  const { rows } = await session(({ client }) =>
    client.query(`
      WITH steps AS (
        SELECT reason, at - lag(at) OVER job AS took, lag(stage) OVER job AS stage, event_id
        FROM sluice.job_events WINDOW job AS (PARTITION BY tenant_id, job_id ORDER BY event_id)
      )
      SELECT stage,
        avg(extract(epoch FROM took) * 1000) FILTER (WHERE reason = 'claimed')::float AS "waitMs",
        avg(extract(epoch FROM took) * 1000) FILTER (WHERE reason <> 'claimed')::float AS "workMs"
      FROM steps WHERE took IS NOT NULL GROUP BY stage ORDER BY min(event_id)`),
  )
  return rows
}

/** The figures of one ingest, with their ratios to the bounds of the same run. */
export function describePipeline(
  run: IngestRun,
  { chunks, tokens }: CorpusSize,
  stages: readonly StageSplit[],
  bounds: Bounds,
  chunksPerSecondGoal?: number,
): Measurement[] {
  const seconds = run.tookMs / 1000
  const speed: Measurement = { name: 'chunks', value: chunks / seconds, unit: 'chunks/s' }
  return [
    { name: 'documents', value: run.documents, unit: 'files' },
    { name: 'chunks of these', value: chunks, unit: 'chunks' },
    { name: 'tokens per chunk', value: tokens / chunks, unit: 'tokens' },
    { name: 'first byte to last version live', value: seconds, unit: 's' },
    { name: 'of that, until the last upload was answered', value: run.uploadMs / 1000, unit: 's' },
    { name: 'processor time of server and children', value: run.processorMs / 1000, unit: 's' },
    { name: 'documents', value: run.documents / seconds, unit: 'documents/s' },
    {
      ...comparedWith(speed, bounds.together),
      ...(chunksPerSecondGoal !== undefined && { bound: { atLeast: chunksPerSecondGoal } }),
    },
    bounds.counting,
    bounds.vectors,
    bounds.texts,
    bounds.together,
    ...describeMemory(run),
    ...stages.flatMap(({ stage, waitMs, workMs }) => [
      { name: `${stage}: mean wait of a document`, value: waitMs, unit: 'ms' },
      { name: `${stage}: mean time from claim to commit`, value: workMs, unit: 'ms' },
    ]),
  ]
}

function describeMemory({ memory }: IngestRun): Measurement[] {
  if (memory === null) return []
  const { peakBytes, processes } = memory
  return [
    { name: `peak memory of ${processes} processes`, value: peakBytes / 1e6, unit: 'MB', bound: { atMost: 1_500 } },
  ]
}
