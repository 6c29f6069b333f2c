import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costLine, deferredJob, documentDetail, jobView } from '../__fixtures__/views.ts'
import { type IngestRow, isParked, rowOfJob } from './ingest-row.ts'
import { summarise } from './summary.ts'

function finished(n: number, changes: Partial<IngestRow> = {}): IngestRow {
  const document = documentDetail(n)
  return { ...rowOfJob(document.job), step: 'finished', document, ...changes }
}

test('a document that two files share is summed once, and counts as new when one of them brought it', () => {
  const summary = summarise([finished(1, { alreadyThere: true }), finished(1), finished(2, { alreadyThere: true })])
  assert.deepEqual([summary.documents, summary.succeeded, summary.pageCount, summary.chunkCount], [3, 3, 6, 14])
  assert.deepEqual([summary.shadowNanoUsd, summary.earlierShadowNanoUsd], [4_000n, 2_000n])
})

test('money is exact beyond what a number holds', () => {
  const costs = [costLine({ shadowNanoUsd: '9007199254740993' }), costLine({ shadowNanoUsd: '1' })]
  const document = documentDetail(1, { costs })
  assert.equal(summarise([finished(1, { document })]).shadowNanoUsd, 9007199254740994n)
})

test('every row is in one of the counts', () => {
  const rows = [
    finished(1),
    finished(2, { job: jobView(2, { state: 'failed' }) }),
    finished(3, { job: jobView(3, { state: 'cancelled' }) }),
    { ...rowOfJob(jobView(4)), step: 'rejected' as const, job: null },
    rowOfJob(jobView(5, { state: 'running' })),
    { ...rowOfJob(deferredJob(6)), step: 'parked' as const },
  ]
  const { succeeded, failed, cancelled, rejected, deferred, unfinished } = summarise(rows)
  assert.deepEqual([succeeded, failed, cancelled, rejected, deferred, unfinished], [1, 1, 1, 1, 1, 1])
})

test('I1: results of a simulator are told from real ones', () => {
  const costs = (...lines: Parameters<typeof costLine>[0][]) =>
    summarise([finished(1, { document: documentDetail(1, { costs: lines.map(costLine) }) })]).simulation
  assert.equal(costs({ simulated: true }), 'all')
  assert.equal(costs({ simulated: true }, { simulated: false, provider: 'local', costNanoUsd: '0' }), 'all')
  assert.equal(costs({ simulated: true }, { simulated: false, costNanoUsd: '5' }), 'some')
  assert.equal(costs({ simulated: false, costNanoUsd: '5' }), 'none')
})

test('a job that waits for money or a doubt is not watched to its end, one that waits for a twin is', () => {
  assert.equal(isParked(deferredJob(1)), true)
  assert.equal(isParked(deferredJob(1, { reason: 'in_doubt', resumesAt: null })), true)
  assert.equal(isParked(deferredJob(1, { reason: 'in_progress' })), false)
  assert.equal(isParked(jobView(1, { state: 'retrying', wakeAt: '2026-12-01T00:00:00.000Z' })), false)
})
