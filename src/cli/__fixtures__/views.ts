import type { BudgetView } from '../../contract/budget.ts'
import type { CostLine, DocumentDetail } from '../../contract/document-view.ts'
import type { JobView } from '../../contract/job-view.ts'
import type { SearchHit } from '../../contract/search.ts'

const at = '2026-11-23T10:00:00.000Z'

/** The n-th id, well-formed and easy to recognise. */
export function testId(kind: 'a' | 'b' | 'c', n: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${String(n).padStart(12, '0')}`
}

export function jobView(n: number, changes: Partial<JobView> = {}): JobView {
  return {
    jobId: testId('b', n),
    documentId: testId('a', n),
    versionId: testId('c', n),
    fileName: `file-${n}.md`,
    stage: 'parse',
    state: 'queued',
    failures: 0,
    error: null,
    deferral: null,
    awaited: null,
    priority: 0,
    dueAt: null,
    tags: [],
    wakeAt: null,
    deadlineAt: null,
    correlationId: `correlation-${n}`,
    createdAt: at,
    updatedAt: at,
    finishedAt: null,
    ...changes,
  }
}

/** The n-th job, waiting for $0.00375 of budget parse-day until midnight in Berlin. */
export function deferredJob(n: number, changes: Partial<NonNullable<JobView['deferral']>> = {}): JobView {
  const resumesAt = '2026-11-23T23:00:00.000Z'
  const deferral = {
    reason: 'budget' as const,
    message: 'The parse call waits: budget parse-day of tenant acme allows $0.00375 a day.',
    resumesAt,
    budget: { tenantId: 'acme', budgetId: 'parse-day' },
    neededNanoUsd: '3750000',
    missingNanoUsd: '3750000',
    ...changes,
  }
  return jobView(n, { state: 'deferred', wakeAt: deferral.resumesAt, deferral })
}

export function budgetView(changes: Partial<BudgetView> = {}): BudgetView {
  return {
    tenantId: 'acme',
    budgetId: 'parse-day',
    service: 'parse',
    provider: null,
    apiKeyId: null,
    tag: null,
    money: 'real',
    capNanoUsd: '5000000000',
    period: 'day',
    timeZone: 'Europe/Berlin',
    policy: 'defer',
    alertPercents: [50, 80],
    origin: 'api',
    windowStart: '2026-11-22T23:00:00.000Z',
    windowEnd: '2026-11-23T23:00:00.000Z',
    heldNanoUsd: '3750000',
    spentNanoUsd: '1000000000',
    leftNanoUsd: '3996250000',
    waitingJobs: 0,
    waitingNanoUsd: '0',
    ...changes,
  }
}

export function costLine(changes: Partial<CostLine> = {}): CostLine {
  return {
    service: 'embed',
    provider: 'openai',
    model: 'text-embedding-3-small',
    simulated: true,
    calls: 1,
    units: '100',
    costNanoUsd: '0',
    shadowNanoUsd: '2000',
    ...changes,
  }
}

/** A finished document of 3 pages and 7 chunks, which would have cost $0.000002. */
export function documentDetail(n: number, changes: Partial<DocumentDetail> = {}): DocumentDetail {
  const job = changes.job ?? jobView(n, { state: 'succeeded', stage: 'publish' })
  return {
    documentId: job.documentId,
    fileName: job.fileName,
    fileType: 'markdown',
    byteCount: 1234,
    sha256: 'ab'.repeat(32),
    tags: [],
    metadata: {},
    createdAt: at,
    live: {
      versionId: job.versionId,
      pageCount: 3,
      chunkCount: 7,
      rolledBackAt: null,
      publishedAt: at,
      notes: [],
      provenance: provenance(),
    },
    job,
    versions: [],
    costs: [costLine()],
    ...changes,
  }
}

export function searchHit(changes: Partial<SearchHit> = {}): SearchHit {
  return {
    documentId: testId('a', 1),
    versionId: testId('c', 1),
    fileName: 'file-1.md',
    fileType: 'markdown',
    metadata: {},
    ordinal: 0,
    pageNumber: 2,
    headingPath: ['Pumps', 'Night alarms'],
    start: 0,
    end: 30,
    text: 'Close the valve when it rings.',
    highlights: [{ start: 10, end: 15 }],
    score: 0.0325,
    scoreParts: { vector: { rank: 1, cosineSimilarity: 0.5, score: 0.0164 }, fullText: null },
    provenance: provenance(),
    ...changes,
  }
}

function provenance(): SearchHit['provenance'] {
  return {
    parse: { provider: 'local', model: '1', mode: 'mock', simulated: false, reasons: [] },
    embed: { provider: 'openai', model: 'text-embedding-3-small', dimensions: 1536, revision: '1', simulated: true },
  }
}
