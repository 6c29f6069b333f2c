import type { CostLine } from '../../contract/document-view.ts'
import { type IngestRow, isParked } from './ingest-row.ts'

export interface IngestSummary {
  documents: number
  succeeded: number
  failed: number
  cancelled: number
  rejected: number
  /** Waiting for money, for what became of a call, or for a provider that takes hours. */
  deferred: number
  /** Neither over nor refused nor deferred: not followed to the end. */
  unfinished: number
  alreadyIngested: number
  pageCount: number
  chunkCount: number
  costNanoUsd: bigint
  shadowNanoUsd: bigint
  /** The part of the two that files which were there already account for. */
  earlierCostNanoUsd: bigint
  earlierShadowNanoUsd: bigint
  simulation: Simulation
}
/** `all`: no call went to a paid provider, `some`: a part did. */
export type Simulation = 'none' | 'some' | 'all'

/** Counts and sums; a document that two files share is summed once. */
export function summarise(rows: readonly IngestRow[]): IngestSummary {
  const summary: IngestSummary = {
    documents: rows.length,
    succeeded: rows.filter(row => row.step !== 'rejected' && row.job?.state === 'succeeded').length,
    failed: rows.filter(row => row.step !== 'rejected' && row.job?.state === 'failed').length,
    cancelled: rows.filter(row => row.step !== 'rejected' && row.job?.state === 'cancelled').length,
    rejected: rows.filter(row => row.step === 'rejected').length,
    deferred: rows.filter(
      row => row.step !== 'rejected' && row.job !== null && (row.job.state === 'deferred' || isParked(row.job)),
    ).length,
    unfinished: 0,
    alreadyIngested: rows.filter(row => row.alreadyThere).length,
    pageCount: 0,
    chunkCount: 0,
    costNanoUsd: 0n,
    shadowNanoUsd: 0n,
    earlierCostNanoUsd: 0n,
    earlierShadowNanoUsd: 0n,
    simulation: simulationOf(rows.flatMap(row => row.document?.costs ?? [])),
  }
  const { succeeded, failed, cancelled, rejected, deferred } = summary
  summary.unfinished = rows.length - succeeded - failed - cancelled - rejected - deferred
  for (const row of distinct(rows)) {
    summary.pageCount += row.document?.live?.pageCount ?? 0
    summary.chunkCount += row.document?.live?.chunkCount ?? 0
    const { costNanoUsd, shadowNanoUsd } = costOf(row.document?.costs ?? [])
    summary.costNanoUsd += costNanoUsd
    summary.shadowNanoUsd += shadowNanoUsd
    if (!row.alreadyThere) continue
    summary.earlierCostNanoUsd += costNanoUsd
    summary.earlierShadowNanoUsd += shadowNanoUsd
  }
  return summary
}

export function costOf(lines: readonly CostLine[]): { costNanoUsd: bigint; shadowNanoUsd: bigint } {
  return {
    costNanoUsd: lines.reduce((sum, line) => sum + BigInt(line.costNanoUsd), 0n),
    shadowNanoUsd: lines.reduce((sum, line) => sum + BigInt(line.shadowNanoUsd), 0n),
  }
}

function simulationOf(lines: readonly CostLine[]): Simulation {
  if (!lines.some(line => line.simulated)) return 'none'
  return lines.every(line => line.simulated || BigInt(line.costNanoUsd) === 0n) ? 'all' : 'some'
}

/** One row a document; the row that brought it is preferred to those that found it there. */
function distinct(rows: readonly IngestRow[]): IngestRow[] {
  const byDocument = new Map<string, IngestRow>()
  for (const row of rows) {
    const documentId = row.document?.documentId
    if (documentId && (byDocument.get(documentId)?.alreadyThere ?? true)) byDocument.set(documentId, row)
  }
  return [...byDocument.values()]
}
