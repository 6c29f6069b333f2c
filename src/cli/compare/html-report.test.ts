import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComparedSide, Comparison } from '../../contract/comparison.ts'
import { constantMs, overheadMs } from './compare-rows.ts'
import { htmlReport } from './html-report.ts'
import { readRouteSpec } from './route-spec.ts'

const side: ComparedSide = {
  versionId: '00000000-0000-7000-8000-000000000001',
  jobId: '00000000-0000-7000-8000-000000000002',
  provenance: {
    parse: { provider: 'local', model: '1', mode: 'local', simulated: false, reasons: [] },
    embed: { provider: 'openai', model: 'm', dimensions: 3, revision: '2', simulated: true },
  },
  pages: 1,
  characters: 10,
  tables: 0,
  chunks: 1,
  costNanoUsd: '0',
  shadowNanoUsd: '1250000',
  stages: [{ stage: 'parse', workMs: 100, waitedMs: 1_000, providerMs: 1_000 }],
  reused: false,
}
const comparison: Comparison = {
  documentId: '00000000-0000-7000-8000-000000000003',
  fileName: '<img src=x onerror=alert(1)>.pdf',
  a: side,
  b: side,
  similarity: { inOrder: 0.5, words: 1, pagesCompared: 1, pagesTooDifferent: 0 },
  neighbours: null,
  mostDifferentPage: {
    pageNumber: 1,
    similarity: 0.5,
    parts: [{ kind: 'a', text: '</del><script>alert("x")</script>' }],
  },
}

test('text of documents and names of files cannot become part of the page', () => {
  const html = htmlReport({ a: 'local', b: 'real:agentic' }, [comparison], '2026-11-24T08:00:00Z')
  assert.ok(!html.includes('<script') && !html.includes('<img'))
  assert.match(html, /&#60;script&#62;alert\(&#34;x&#34;\)/)
  assert.match(html, /Page 1 differs most: 50\.0 %/)
  assert.ok(!/(src|href)=/.test(html.replace(/&#60;.*/g, '')), 'nothing is loaded')
})

test('overhead is all time that the provider did not need; what is above 5 % of that is stated', () => {
  assert.equal(overheadMs(side), 100)
  assert.equal(constantMs(side), 50)
})

test('routes are read as they are written', () => {
  assert.deepEqual(readRouteSpec('real:agentic').parsing, { tier: 'agentic' })
  assert.deepEqual(readRouteSpec('hybrid:quality+real').routing, {
    parse: 'hybrid',
    policy: 'quality',
    embed: 'real',
    publish: false,
  })
  for (const wrong of ['cloud', 'real:best', 'mock+nothing'])
    assert.throws(() => readRouteSpec(wrong), /It takes|no tier/)
})
