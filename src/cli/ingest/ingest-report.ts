import type { IngestRow } from './ingest-row.ts'
import { costOf, summarise } from './summary.ts'

/** What `sluice ingest --json` prints; amounts are integer nano-dollars as strings. */
export function ingestReport(rows: readonly IngestRow[], interrupted: boolean) {
  const { simulation, ...totals } = summarise(rows)
  return {
    documents: rows.map(documentReport),
    totals: {
      ...totals,
      costNanoUsd: String(totals.costNanoUsd),
      shadowNanoUsd: String(totals.shadowNanoUsd),
      earlierCostNanoUsd: String(totals.earlierCostNanoUsd),
      earlierShadowNanoUsd: String(totals.earlierShadowNanoUsd),
    },
    simulation,
    interrupted,
  }
}

function documentReport(row: IngestRow) {
  const { job, document } = row
  const costs = costOf(document?.costs ?? [])
  return {
    path: row.file?.label ?? null,
    fileName: row.file?.fileName ?? job?.fileName ?? null,
    fileType: document?.fileType ?? null,
    documentId: job?.documentId ?? null,
    jobId: job?.jobId ?? null,
    state: row.step === 'rejected' ? 'rejected' : (job?.state ?? 'unsent'),
    stage: job?.stage ?? null,
    alreadyIngested: row.alreadyThere,
    resumed: row.file === null,
    pageCount: document?.live?.pageCount ?? null,
    chunkCount: document?.live?.chunkCount ?? null,
    costNanoUsd: document && String(costs.costNanoUsd),
    shadowNanoUsd: document && String(costs.shadowNanoUsd),
    costs: document?.costs ?? [],
    notes: document?.live?.notes ?? [],
    deferral: job?.deferral ?? null,
    error: row.failure,
  }
}
